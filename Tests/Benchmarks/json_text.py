import json


def document(count):
    images = []
    for i in range(count):
        images.append({
            "id": i,
            "name": f"registry.example.com/team/service-{i}",
            "tags": ["dev", f"v1.{i % 10}.{i % 7}", "latest"],
            "size": i * 1.5 + 0.25,
            "pushed": i % 2 == 0,
            "parent": None,
            "labels": {"team": "core", "note": "line one\n\"quoted\" line"},
        })
    return {"images": images}


text = json.dumps(document(20000))
parsed = json.loads(text)
ids = 0
for image in parsed["images"]:
    ids += image["id"]
again = json.dumps(json.loads(json.dumps(parsed)))
print(len(parsed["images"]), ids, "true" if again == text else "false")
