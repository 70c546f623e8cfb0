"""Invented pages that several tests read, and how WARC files hold them."""

from __future__ import annotations

PROSE = (
    "The council voted on Monday to close the old bridge for repairs until the end of spring, officials said.",
    "Drivers will have to take the road along the river, which adds about ten minutes to the way into town.",
    "The mayor told the meeting that the work could not wait, because the northern pier had moved by two centimetres.",
    "Shopkeepers on the western bank fear for their trade and asked the town for help during the months of the works.",
)

PAGE = f"""<!DOCTYPE html>
<html lang="en"><head>
<title>Old bridge closes for repairs | The Riverside Post</title>
<meta property="og:title" content="Old bridge closes for repairs">
<meta property="og:site_name" content="The Riverside Post">
<meta name="author" content="Ada Brook">
<meta property="article:published_time" content="2024-03-04T10:00:00Z">
<link rel="canonical" href="https://post.example/bridge">
<style>p {{ color: red }}</style><script>var x = "not text";</script>
</head><body>
<nav class="main-menu"><ul><li><a href="/">Home</a></li><li><a href="/s">Sport</a></li>
<li><a href="/w">Weather</a></li></ul></nav>
<main><article class="story-body">
<h1>Old bridge closes for repairs</h1>
<div class="byline">By <a href="/ada">Ada Brook</a></div>
<figure><img src="x.jpg"><figcaption>The old bridge on Sunday. Photo: Tom Reed</figcaption></figure>
<p>{PROSE[0]}</p>
<p>{PROSE[1]}</p>
<h2>A pier that moves</h2>
<p>{PROSE[2]}</p>
<ul><li>The western lane closes in March, and the eastern one a week later.</li>
<li>Both will open again in May.</li></ul>
<p>{PROSE[3]}</p>
<div class="share-buttons"><a href="#">Share</a> <a href="#">Tweet</a></div>
</article>
<aside class="related-stories"><h3>Related stories</h3><ul><li><a href="/1">Ferry fares rise again in autumn</a></li>
<li><a href="/2">New market hall opens its doors</a></li></ul></aside></main>
<div id="comments"><h3>Comments</h3><div class="comment"><span class="comment-author">Bob</span>
<p>About time too, I say.</p></div></div>
<footer><p>© 2024 The Riverside Post. All rights reserved.</p><a href="/privacy">Privacy</a></footer>
</body></html>"""


def record(block: bytes, kind: str = "response", name: str = "1", *, length: int | None = None, **more: str) -> bytes:
    """A record as it stands in a file; ``length`` is what it says of itself (-1: nothing)."""
    said = len(block) if length is None else length
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{name}>",
        "WARC-Target-URI": f"https://www.post.example/{name}",
        "Content-Type": "application/http; msgtype=response" if kind == "response" else "text/html",
        **({"Content-Length": str(said)} if said >= 0 else {}),
        **{key.replace("_", "-"): value for key, value in more.items()},
    }
    head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def http(body: bytes, type: str = "text/html", status: int = 200, more: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\n{more}\r\n".encode() + body
