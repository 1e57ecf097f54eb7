local function count(rounds, names)
  local counts = {}
  for i = 0, rounds - 1 do
    local key = "image-" .. i * 7919 % names
    counts[key] = (counts[key] or 0) + 1
  end
  return counts
end

local counts = count(1000000, 5000)
local most = 0
local length = 0
for _, value in pairs(counts) do
  if value > most then most = value end
  length = length + 1
end
print(length .. " " .. most .. " " .. counts["image-42"])
