local function adder(n) return function(x) return x + n end end

local function compose(f, g) return function(x) return g(f(x)) end end

local function run(rounds)
  local total = 0
  for i = 0, rounds - 1 do
    local f = compose(adder(i), adder(1))
    total = total + f(2)
  end
  return total
end

local function map(list, f)
  local result = {}
  for i = 1, #list do result[i] = f(list[i]) end
  return result
end

local function filter(list, f)
  local result = {}
  for i = 1, #list do
    if f(list[i]) then result[#result + 1] = list[i] end
  end
  return result
end

local function reduce(list, initial, f)
  for i = 1, #list do initial = f(initial, list[i]) end
  return initial
end

local xs = {}
for i = 0, 299999 do xs[#xs + 1] = i end
local limit = 150000
local tripled = map(xs, function(x) return x * 3 end)
local sum = reduce(filter(tripled, function(x) return x > limit end), 0, function(so_far, x) return so_far + x % 11 end)
print(run(300000) .. " " .. sum)
