local function numbers(count)
  local seed = 42
  local result = {}
  for _ = 1, count do
    seed = (seed * 1103515245 + 12345) % 2147483648
    result[#result + 1] = seed
  end
  return result
end

local function map(list, f)
  local result = {}
  for i = 1, #list do result[i] = f(list[i]) end
  return result
end

local xs = numbers(300000)
local sorted = map(xs, function(x) return x end)
table.sort(sorted)
local last = map(xs, function(x) return x % 1000 end)
table.sort(last, function(a, b) return a > b end)
local names = map({ table.unpack(xs, 1, 100000) }, function(x) return "host-" .. x end)
table.sort(names)
-- Lua's own sort is not stable: the position decides between equal keys.
local keys = map(xs, function(x) return x % 10007 end)
local order = {}
for i = 1, #xs do order[i] = i end
table.sort(order, function(a, b)
  if keys[a] ~= keys[b] then return keys[a] < keys[b] end
  return a < b
end)
print(sorted[1] .. " " .. sorted[150001] .. " " .. last[101] .. " " .. names[501] .. " " .. xs[order[1]] .. " " .. xs[order[300000]])
