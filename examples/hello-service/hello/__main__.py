import os

from hello.server import serve

serve(host=os.environ.get("HELLO_HOST", "0.0.0.0"), port=int(os.environ.get("HELLO_PORT", "8080")))
