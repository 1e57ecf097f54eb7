local function build(count)
  local parts = {}
  for i = 0, count - 1 do
    local name = "service-" .. i % 100
    local line = name .. ":"
    line = line .. " build " .. i
    line = line .. ", tag v1." .. i % 10 .. "." .. i % 1000
    if line:sub(-1) == "7" then line = line .. " (" .. name:upper() .. ")" end
    parts[#parts + 1] = line
  end
  return table.concat(parts, "\n")
end

local function split(text, separator)
  local parts = {}
  local start = 1
  while true do
    local first, last = text:find(separator, start, true)
    if not first then break end
    parts[#parts + 1] = text:sub(start, first - 1)
    start = last + 1
  end
  parts[#parts + 1] = text:sub(start)
  return parts
end

local function measure(text)
  local longest = 0
  local words = 0
  for _, line in ipairs(split(text, "\n")) do
    if utf8.len(line) > longest then longest = utf8.len(line) end
    words = words + #split(line, " ")
  end
  return longest, words
end

-- Joining to one long text is quadratic in Lua: its way is a table of the parts.
local function numbered(count)
  local lines = {}
  for i = 0, count - 1 do lines[#lines + 1] = "line " .. i .. "\n" end
  return table.concat(lines)
end

local log = numbered(200000)
local text = build(200000)
local longest, words = measure(text)
print(utf8.len(log) .. " " .. utf8.len(text) .. " " .. longest .. " " .. words .. " " .. utf8.len((text:gsub("service", "svc"))))
