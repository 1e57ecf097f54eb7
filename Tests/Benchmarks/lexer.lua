local keywords = { ["let"] = 1, ["fn"] = 1, ["if"] = 1, ["else"] = 1, ["return"] = 1 }

local function is_letter(c) return c >= "a" and c <= "z" or c == "_" end

local function is_digit(c) return c >= "0" and c <= "9" end

local function lex(text)
  local tokens = {}
  local count = #text
  local at = 1
  while at <= count do
    local c = text:sub(at, at)
    local start = at
    at = at + 1
    if c == " " or c == "\n" then
      goto continue
    end
    if is_letter(c) then
      while at <= count and is_letter(text:sub(at, at)) do at = at + 1 end
      local word = text:sub(start, at - 1)
      tokens[#tokens + 1] = { kind = keywords[word] and "keyword" or "name", text = word }
    elseif is_digit(c) then
      while at <= count and is_digit(text:sub(at, at)) do at = at + 1 end
      tokens[#tokens + 1] = { kind = "number", text = text:sub(start, at - 1) }
    elseif c == "'" then
      while at <= count and text:sub(at, at) ~= "'" do at = at + 1 end
      at = at + 1
      tokens[#tokens + 1] = { kind = "string", text = text:sub(start, at - 1) }
    else
      tokens[#tokens + 1] = { kind = "symbol", text = c }
    end
    ::continue::
  end
  return tokens
end

local line = "fn total_of(list, factor) { let sum = 4711 + list_sum(list) * 12; if sum > 99 { return 'many' } else { sum } }\n"
local tokens = lex(line:rep(5000))
local counts = {}
local length = 0
for _, token in ipairs(tokens) do
  counts[token.kind] = (counts[token.kind] or 0) + 1
  length = length + #token.text
end
print(table.concat({ #tokens, length, counts.keyword, counts.name, counts.number, counts.string, counts.symbol }, " "))
