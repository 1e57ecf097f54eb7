local function work(rounds)
  local known = { dev = 1, prod = 2, staging = 3 }
  local names = { "dev", "qa", "prod", "test" }
  local stack = {}
  local total = 0
  for i = 0, rounds - 1 do
    local name = names[i % 4 + 1]
    if known[name] ~= nil then total = total + (known[name] or 0) end
    if name:sub(1, 1) == "p" then total = total + name:len() end
    table.insert(stack, i)
    if #stack > 100 then total = total + table.remove(stack) % 3 end
    total = total + math.abs(i - 500) % 5
  end
  return total, #stack
end
local total, left = work(500000)
print(total .. " " .. left)
