"""The HTML report is HTML: balanced, named, in order, and its policy allows just what it holds.

usage: html_valid.py SOURCE FILE...    SOURCE: the folder of report.css and report.js
"""
import base64
import hashlib
import html.parser
import pathlib
import re
import sys

# WHATWG HTML, 13.1.2: elements that have no end; and those of SVG that close themselves here.
VOID = {"meta", "input", "link", "br", "hr", "img"}
KNOWN = VOID | set("""html head title style body a svg defs clippath rect header p h1 h2 h3 time dl
    div dt dd b span nav ul li main section figure figcaption g path line text desc details summary
    table caption thead tbody tfoot tr th td label output code script""".split())


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.ids = [], [], []
        self.headings, self.references, self.blocks, self.policy = [], [], [], None
        self.pictures, self.words = [], {}
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def fault(self, words):
        self.faults.append(f"line {self.getpos()[0]}: {words}")

    def handle_startendtag(self, tag, attrs):
        self.see(tag, dict(attrs), len(attrs))

    def handle_starttag(self, tag, attrs):
        self.see(tag, dict(attrs), len(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.fault(f"</{tag}> where {self.open[-3:]} is open")
            return
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] in ("style", "script"):
            self.blocks.append((self.open[-1], data))
        elif self.open and self.pictures and self.open[-1] in ("title", "desc"):
            self.words[self.open[-1]] = self.words.get(self.open[-1], 0) + 1

    def see(self, tag, attrs, count):
        if tag not in KNOWN:
            self.fault(f"<{tag}> is none of ours")
        if len(attrs) != count:
            self.fault(f"<{tag}> has an attribute twice")
        for name, value in attrs.items():
            if name == "style" or name.startswith("on"):
                self.fault(f"<{tag}> has {name}, which the policy forbids")
            if name in ("src", "srcset", "action", "data", "poster"):
                self.fault(f"<{tag}> loads {value}")
            if name == "href":
                self.references.append(value.removeprefix("#") if value.startswith("#") else value)
            if name in ("aria-labelledby", "for"):
                self.references += value.split()
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy":
            if self.blocks:
                self.fault("the policy comes after what it is about")
            self.policy = attrs["content"]
        if tag == "th" and attrs.get("scope") not in ("col", "row"):
            self.fault("a <th> without scope")
        if tag in ("svg", "img"):
            is_decoration = attrs.get("aria-hidden") == "true"
            self.pictures.append(not is_decoration)
            if not is_decoration and not (attrs.get("role") == "img" and
                                          attrs.get("aria-labelledby")):
                self.fault(f"a <{tag}> without role and label")


def hash_of(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy_faults(page, source):
    styles = [text for kind, text in page.blocks if kind == "style"]
    scripts = [text for kind, text in page.blocks if kind == "script"]
    wanted = {"default-src": {"'none'"}, "base-uri": {"'none'"}, "form-action": {"'none'"},
              "style-src": set(map(hash_of, styles)), "script-src": set(map(hash_of, scripts))}
    found = {part.split()[0]: set(part.split()[1:]) for part in (page.policy or "").split(";")
             if part.strip()}
    if found != wanted:
        yield f"the policy is {found}, not {wanted}"
    if styles[:1] != [(source / "report.css").read_text()]:
        yield "the style sheet is not report.css"
    if scripts != [(source / "report.js").read_text()]:
        yield "the script is not report.js"


def luminance(color):
    """WCAG 2, relative luminance."""
    digits = color if len(color) == 6 else "".join(digit * 2 for digit in color)
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
              for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_faults(css):
    """In each theme, text on each ground it stands on has a contrast of 4.5 at least."""
    themes = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    if len(themes) != 3:
        yield f"{len(themes)} themes, not light, dark and paper"
    for theme in themes:
        colors = dict(re.findall(r"--([a-z-]+): #([0-9a-f]+);", theme))
        for text in ("ink", "soft", "link"):
            for ground in ("paper", "panel", "bar"):
                if (text, ground) == ("soft", "bar"):
                    continue
                pair = sorted((luminance(colors[text]), luminance(colors[ground])))
                ratio = (pair[1] + 0.05) / (pair[0] + 0.05)
                if ratio < 4.5:
                    yield f"{text} {colors[text]} on {ground} {colors[ground]}: only {ratio:.1f}"


def faults(text, source):
    page = Page(text)
    yield from page.faults
    if not text.startswith("<!DOCTYPE html>\n<html lang=\"en\">"):
        yield "no doctype, or no language"
    yield from (f"the id {one} is there twice" for one in set(page.ids) if page.ids.count(one) > 1)
    yield from (f"{one} is referred to and not there" for one in page.references
                if one not in page.ids)
    if page.headings.count(1) != 1 or page.headings[0] != 1:
        yield f"not one h1, at first: {page.headings}"
    yield from (f"an h{after} after an h{before}"
                for before, after in zip(page.headings, page.headings[1:]) if after > before + 1)
    pictures = sum(page.pictures)
    if page.words.get("desc", 0) != pictures or page.words.get("title", 0) < pictures:
        yield "a picture without words"
    yield from policy_faults(page, source)
    if re.search(r"https?:|//[a-z]", re.sub(r"(?s)<script>.*?</script>|<meta http.*?>", "", text)):
        yield "an address"


def main():
    source = pathlib.Path(sys.argv[1])
    failed = 0
    for fault in contrast_faults((source / "report.css").read_text()):
        print(f"report.css: {fault}")
        failed += 1
    for name in sys.argv[2:]:
        for fault in faults(pathlib.Path(name).read_text(encoding="utf-8"), source):
            print(f"{name}: {fault}")
            failed += 1
    print(f"{len(sys.argv) - 2} pages, {failed} faults")
    return 1 if failed or len(sys.argv) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
