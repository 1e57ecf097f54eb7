local function longest_collatz(limit)
  local best = 0
  local length = 0
  for start = 1, limit do
    local n = start
    local steps = 0
    while n ~= 1 do
      if n % 2 == 0 then n = n // 2 else n = 3 * n + 1 end
      steps = steps + 1
    end
    if steps > length then
      length = steps
      best = start
    end
  end
  return best
end

local function sum(limit)
  local total = 0
  for i = 0, limit - 1 do
    total = total + i % 7
  end
  return total
end

print(longest_collatz(60000) .. " " .. sum(5000000))
