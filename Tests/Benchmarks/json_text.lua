-- Lua has no JSON of its own: a plain reader and printer, on its string functions.
local null = {}

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function quote(text)
  return '"' .. text:gsub('[%c"\\]', function(c) return escapes[c] or string.format("\\u%04x", c:byte()) end) .. '"'
end

-- A map is { keys = …, values = … }, which keeps the order.
local function map(...)
  local result = { keys = {}, values = {} }
  for i = 1, select("#", ...), 2 do
    local key, value = select(i, ...)
    result.keys[#result.keys + 1] = key
    result.values[key] = value
  end
  return result
end

local function write(value, out)
  local kind = type(value)
  if value == null then
    out[#out + 1] = "null"
  elseif kind == "string" then
    out[#out + 1] = quote(value)
  elseif kind == "table" and value.keys then
    out[#out + 1] = "{"
    for i, key in ipairs(value.keys) do
      if i > 1 then out[#out + 1] = ", " end
      out[#out + 1] = quote(key)
      out[#out + 1] = ": "
      write(value.values[key], out)
    end
    out[#out + 1] = "}"
  elseif kind == "table" then
    out[#out + 1] = "["
    for i, item in ipairs(value) do
      if i > 1 then out[#out + 1] = ", " end
      write(item, out)
    end
    out[#out + 1] = "]"
  else
    out[#out + 1] = tostring(value)
  end
end

local function encode(value)
  local out = {}
  write(value, out)
  return table.concat(out)
end

local unescapes = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function read_string(text, at)
  local parts
  local start = at + 1
  while true do
    local stop = text:find('["\\]', start)
    local piece = text:sub(start, stop - 1)
    if text:byte(stop) == 34 then
      if not parts then return piece, stop + 1 end
      parts[#parts + 1] = piece
      return table.concat(parts), stop + 1
    end
    parts = parts or {}
    parts[#parts + 1] = piece
    local c = text:sub(stop + 1, stop + 1)
    if c == "u" then
      parts[#parts + 1] = utf8.char(tonumber(text:sub(stop + 2, stop + 5), 16))
      start = stop + 6
    else
      parts[#parts + 1] = unescapes[c] or error("escape at " .. stop)
      start = stop + 2
    end
  end
end

local function read(text, at)
  at = text:find("[^ \t\r\n]", at)
  local c = text:byte(at)
  if c == 34 then return read_string(text, at) end
  if c == 123 then
    local result = map()
    at = text:find("[^ \t\r\n]", at + 1)
    if text:byte(at) == 125 then return result, at + 1 end
    while true do
      local key, value
      key, at = read_string(text, text:find('"', at, true))
      at = text:find(":", at, true)
      value, at = read(text, at + 1)
      if result.values[key] == nil then result.keys[#result.keys + 1] = key end
      result.values[key] = value
      at = text:find("[^ \t\r\n]", at)
      c = text:byte(at)
      at = at + 1
      if c == 125 then return result, at end
      if c ~= 44 then error("`,` or `}` at " .. at) end
    end
  end
  if c == 91 then
    local result = {}
    at = text:find("[^ \t\r\n]", at + 1)
    if text:byte(at) == 93 then return result, at + 1 end
    while true do
      result[#result + 1], at = read(text, at)
      at = text:find("[^ \t\r\n]", at)
      c = text:byte(at)
      at = at + 1
      if c == 93 then return result, at end
      if c ~= 44 then error("`,` or `]` at " .. at) end
    end
  end
  local first, last = text:find("^-?%d+[%d.eE+-]*", at)
  if first then return tonumber(text:sub(first, last)), last + 1 end
  if text:find("^true", at) then return true, at + 4 end
  if text:find("^false", at) then return false, at + 5 end
  if text:find("^null", at) then return null, at + 4 end
  error("a value at " .. at)
end

local function decode(text)
  local value = read(text, 1)
  return value
end

local function document(count)
  local images = {}
  for i = 0, count - 1 do
    images[#images + 1] = map(
      "id", i,
      "name", "registry.example.com/team/service-" .. i,
      "tags", { "dev", "v1." .. i % 10 .. "." .. i % 7, "latest" },
      "size", i * 1.5 + 0.25,
      "pushed", i % 2 == 0,
      "parent", null,
      "labels", map("team", "core", "note", 'line one\n"quoted" line'))
  end
  return map("images", images)
end

local text = encode(document(20000))
local parsed = decode(text)
local ids = 0
for _, image in ipairs(parsed.values.images) do ids = ids + image.values.id end
local again = encode(decode(encode(parsed)))
print(#parsed.values.images .. " " .. ids .. " " .. tostring(again == text))
