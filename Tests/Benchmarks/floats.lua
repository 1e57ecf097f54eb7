local function mandelbrot(size, limit)
  local inside = 0
  for row = 0, size - 1 do
    local ci = 2.0 * row / size - 1.0
    for column = 0, size - 1 do
      local cr = 2.0 * column / size - 1.5
      local zr = 0.0
      local zi = 0.0
      local n = 0
      while n < limit and zr * zr + zi * zi <= 4.0 do
        local next = zr * zr - zi * zi + cr
        zi = 2.0 * zr * zi + ci
        zr = next
        n = n + 1
      end
      if n == limit then inside = inside + 1 end
    end
  end
  return inside
end

local function energy(bodies, steps)
  local x = {}
  local v = {}
  for i = 1, bodies do
    x[#x + 1] = i - 1.0
    v[#v + 1] = 0.0
  end
  for _ = 1, steps do
    for i = 1, bodies do
      local force = 0.0
      for j = 1, bodies do
        local distance = x[j] - x[i]
        force = force + distance / (distance * distance + 0.5)
      end
      v[i] = v[i] + force * 0.001
    end
    for i = 1, bodies do x[i] = x[i] + v[i] * 0.001 end
  end
  local total = 0.0
  for _, speed in ipairs(v) do total = total + speed * speed end
  return math.floor(total * 1000000.0 + 0.5)
end

print(mandelbrot(220, 100) .. " " .. energy(40, 600))
