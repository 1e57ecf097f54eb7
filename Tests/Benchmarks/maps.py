def count(rounds, names):
    counts = {}
    for i in range(rounds):
        key = f"image-{i * 7919 % names}"
        counts[key] = counts.get(key, 0) + 1
    return counts


counts = count(1000000, 5000)
most = 0
for key, value in counts.items():
    if value > most:
        most = value
print(len(counts), most, counts["image-42"])
