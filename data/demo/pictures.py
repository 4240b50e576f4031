"""Little drawn pictures: one silhouette a shape, in the product's colour, as an SVG data URL."""

from colorsys import hls_to_rgb
from functools import lru_cache
from urllib.parse import quote
from zlib import crc32

# Paths on a 100 x 100 sheet; {c} is the product's colour, {d} a darker tone for details.
SHAPES: dict[str, str] = {
    "bag": '<path d="M32 34q0-16 18-16t18 16" fill="none" stroke="{d}" stroke-width="5"/><rect x="26" y="30" width="48" height="54" rx="13" fill="{c}"/><rect x="34" y="56" width="32" height="20" rx="5" fill="{d}"/>',
    "belt": '<path d="M18 50a32 18 0 1 0 64 0a32 18 0 1 0-64 0" fill="none" stroke="{c}" stroke-width="10"/><rect x="42" y="60" width="16" height="16" rx="2" fill="none" stroke="{d}" stroke-width="4"/>',
    "board": '<rect x="16" y="30" width="68" height="42" rx="7" fill="{c}"/><path d="M24 62h52" stroke="{d}" stroke-width="4" stroke-linecap="round"/>',
    "boot": '<path d="M34 14h24v36q22 4 26 24h-50z" fill="{c}"/><path d="M32 74h54v8h-54z" fill="{d}"/>',
    "bottle": '<rect x="42" y="14" width="16" height="12" rx="3" fill="{d}"/><path d="M40 28h20q8 8 8 18v34q0 6-6 6h-24q-6 0-6-6v-34q0-10 8-18z" fill="{c}"/>',
    "bowl": '<path d="M20 42h60q0 34-30 34t-30-34z" fill="{c}"/><ellipse cx="50" cy="42" rx="30" ry="7" fill="{d}"/>',
    "box": '<rect x="20" y="32" width="60" height="46" rx="6" fill="{c}"/><path d="M20 46h60M50 32v14" stroke="{d}" stroke-width="4"/>',
    "bulb": '<circle cx="50" cy="42" r="26" fill="{c}"/><rect x="40" y="66" width="20" height="18" rx="3" fill="{d}"/>',
    "cable": '<path d="M22 74c20-52 36 40 56-48" fill="none" stroke="{c}" stroke-width="6" stroke-linecap="round"/><rect x="15" y="68" width="13" height="16" rx="3" fill="{d}"/><rect x="72" y="16" width="13" height="16" rx="3" fill="{d}"/>',
    "camera": '<rect x="14" y="32" width="72" height="46" rx="7" fill="{c}"/><rect x="38" y="22" width="24" height="12" fill="{c}"/><circle cx="50" cy="55" r="15" fill="{d}"/>',
    "candle": '<path d="M50 12q10 12 0 20q-10-8 0-20z" fill="{d}"/><rect x="34" y="36" width="32" height="48" rx="4" fill="{c}"/>',
    "cap": '<circle cx="50" cy="20" r="7" fill="{d}"/><path d="M24 62q0-36 26-36t26 36z" fill="{c}"/><rect x="20" y="60" width="60" height="16" rx="8" fill="{d}"/>',
    "chair": '<path d="M32 14h36v34h-36z" fill="{c}"/><path d="M28 50h44v10h-44z" fill="{d}"/><path d="M34 60v26M66 60v26" stroke="{d}" stroke-width="5"/>',
    "clock": '<circle cx="50" cy="50" r="32" fill="{c}"/><circle cx="50" cy="50" r="24" fill="#fff"/><path d="M50 34v16l11 8" fill="none" stroke="{d}" stroke-width="4" stroke-linecap="round"/>',
    "cloth": '<path d="M20 30q30-12 60 0v40q-30 12-60 0z" fill="{c}"/><path d="M20 44q30-12 60 0M20 58q30-12 60 0" fill="none" stroke="{d}" stroke-width="3"/>',
    "coat": '<path d="M38 12h24l20 18 2 36-10 1-4-26 4 46h-48l4-46-4 26-10-1 2-36z" fill="{c}"/><path d="M50 26v60" stroke="{d}" stroke-width="3"/>',
    "cushion": '<path d="M20 22q30 9 60 0q-9 28 0 56q-30-9-60 0q9-28 0-56z" fill="{c}"/><circle cx="50" cy="50" r="4" fill="{d}"/>',
    "dress": '<path d="M38 14h24l-4 24 18 46h-52l18-46z" fill="{c}"/><path d="M42 38h16" stroke="{d}" stroke-width="4"/>',
    "dumbbell": '<path d="M24 50h52" stroke="{d}" stroke-width="8"/><rect x="14" y="32" width="14" height="36" rx="4" fill="{c}"/><rect x="72" y="32" width="14" height="36" rx="4" fill="{c}"/>',
    "frame": '<rect x="20" y="16" width="60" height="68" fill="{c}"/><rect x="30" y="26" width="40" height="48" fill="#fff"/><path d="M30 66l14-16 10 10 8-8 8 12z" fill="{d}"/>',
    "glove": '<path d="M32 84v-34l-12-12 7-7 11 9v-26h8v24h4v-28h8v28h4v-24h8v42l-8 28z" fill="{c}"/><path d="M32 76h30" stroke="{d}" stroke-width="5"/>',
    "goggles": '<rect x="14" y="36" width="72" height="30" rx="14" fill="{c}"/><rect x="22" y="42" width="24" height="18" rx="8" fill="{d}"/><rect x="54" y="42" width="24" height="18" rx="8" fill="{d}"/>',
    "headlamp": '<path d="M14 56q36-30 72 0" fill="none" stroke="{d}" stroke-width="7"/><circle cx="50" cy="46" r="17" fill="{c}"/><circle cx="50" cy="46" r="8" fill="#fff"/>',
    "headphones": '<path d="M22 60v-8a28 28 0 0 1 56 0v8" fill="none" stroke="{d}" stroke-width="6"/><rect x="16" y="54" width="16" height="28" rx="7" fill="{c}"/><rect x="68" y="54" width="16" height="28" rx="7" fill="{c}"/>',
    "helmet": '<path d="M16 64q0-44 34-44t34 44z" fill="{c}"/><path d="M30 56q2-24 12-30M70 56q-2-24-12-30M50 56v-32" stroke="{d}" stroke-width="4" fill="none"/>',
    "jacket": '<path d="M36 16h28l22 20 4 46-11 2-5-34v36h-48v-36l-5 34-11-2 4-46z" fill="{c}"/><path d="M50 24v62M40 62h-8M68 62h-8" stroke="{d}" stroke-width="3"/><path d="M36 16q14 20 28 0l-4-4h-20z" fill="{d}"/>',
    "jumper": '<path d="M36 18h28l20 18 2 36-12 2-4-26v36h-40v-36l-4 26-12-2 2-36z" fill="{c}"/><path d="M30 78h40M40 18q10 8 20 0" stroke="{d}" stroke-width="4" fill="none"/>',
    "keyboard": '<rect x="10" y="34" width="80" height="34" rx="5" fill="{c}"/><path d="M18 44h64M18 52h64M32 60h36" stroke="{d}" stroke-width="4" stroke-dasharray="6 3"/>',
    "knife": '<path d="M16 66l46-46q14-2 10 14l-38 38z" fill="{c}"/><path d="M24 74l-10 10" stroke="{d}" stroke-width="9" stroke-linecap="round"/>',
    "lamp": '<path d="M36 18h28l12 32h-52z" fill="{c}"/><path d="M50 50v30M34 84h32" stroke="{d}" stroke-width="5" stroke-linecap="round"/>',
    "laptop": '<rect x="24" y="24" width="52" height="36" rx="3" fill="{c}"/><rect x="29" y="29" width="42" height="26" fill="{d}"/><path d="M12 66h76l-6 8h-64z" fill="{c}"/>',
    "mat": '<path d="M20 28h52v44h-52z" fill="{c}"/><circle cx="72" cy="50" r="22" fill="{d}"/><circle cx="72" cy="50" r="12" fill="{c}"/>',
    "mouse": '<rect x="34" y="22" width="32" height="56" rx="16" fill="{c}"/><path d="M50 22v22" stroke="{d}" stroke-width="4"/>',
    "mug": '<path d="M64 40h10q8 0 8 10t-8 10h-10" fill="none" stroke="{d}" stroke-width="6"/><rect x="26" y="26" width="40" height="50" rx="6" fill="{c}"/>',
    "pan": '<circle cx="40" cy="54" r="27" fill="{c}"/><circle cx="40" cy="54" r="18" fill="{d}"/><path d="M62 38l24-16" stroke="{d}" stroke-width="8" stroke-linecap="round"/>',
    "phone": '<rect x="32" y="12" width="36" height="76" rx="7" fill="{c}"/><rect x="36" y="20" width="28" height="54" fill="{d}"/>',
    "plug": '<rect x="30" y="36" width="40" height="46" rx="8" fill="{c}"/><path d="M42 36v-18M58 36v-18" stroke="{d}" stroke-width="6"/>',
    "pot": '<path d="M66 46q18-4 16 14t-18 10" fill="none" stroke="{d}" stroke-width="5"/><path d="M24 50l-12-10" stroke="{c}" stroke-width="8" stroke-linecap="round"/><path d="M24 44h44v26q0 14-14 14h-16q-14 0-14-14z" fill="{c}"/><path d="M28 40q18-16 36 0z" fill="{d}"/>',
    "screen": '<rect x="14" y="22" width="72" height="46" rx="4" fill="{c}"/><rect x="19" y="27" width="62" height="36" fill="{d}"/><path d="M50 68v12M34 82h32" stroke="{c}" stroke-width="6" stroke-linecap="round"/>',
    "shelf": '<path d="M22 14h56v72h-56z" fill="{c}"/><path d="M28 20h44v16h-44zM28 42h44v16h-44zM28 64h44v16h-44z" fill="{d}"/>',
    "shirt": '<path d="M36 20h28l20 14-8 16-8-4v38h-36v-38l-8 4-8-16z" fill="{c}"/><path d="M40 20q10 12 20 0" fill="{d}"/>',
    "shoe": '<path d="M14 46q10 6 20-8l30 18q20 2 22 16h-72z" fill="{c}"/><path d="M14 72h72v6h-72z" fill="{d}"/>',
    "sock": '<path d="M38 12h24v40l18 16q2 14-14 16l-28-20z" fill="{c}"/><path d="M38 22h24" stroke="{d}" stroke-width="6"/>',
    "sofa": '<rect x="22" y="28" width="56" height="28" rx="7" fill="{d}"/><path d="M12 46h14v12h48v-12h14v32h-76z" fill="{c}"/>',
    "speaker": '<rect x="30" y="14" width="40" height="72" rx="9" fill="{c}"/><circle cx="50" cy="60" r="14" fill="{d}"/><circle cx="50" cy="30" r="7" fill="{d}"/>',
    "suitcase": '<path d="M40 26v-14h20v14" fill="none" stroke="{d}" stroke-width="5"/><rect x="26" y="24" width="48" height="56" rx="7" fill="{c}"/><path d="M38 24v56M62 24v56" stroke="{d}" stroke-width="3"/><circle cx="34" cy="84" r="5" fill="{d}"/><circle cx="66" cy="84" r="5" fill="{d}"/>',
    "table": '<path d="M12 34h76v10h-76z" fill="{c}"/><path d="M22 44v40M78 44v40" stroke="{d}" stroke-width="6"/>',
    "tent": '<path d="M50 20l38 60h-76z" fill="{c}"/><path d="M50 42l14 38h-28z" fill="{d}"/>',
    "tote": '<path d="M38 40v-10q0-14 12-14t12 14v10" fill="none" stroke="{d}" stroke-width="4"/><path d="M26 38h48l6 46h-60z" fill="{c}"/>',
    "tower": '<rect x="38" y="16" width="24" height="10" rx="3" fill="{d}"/><path d="M34 28h32l6 56h-44z" fill="{c}"/><path d="M36 54h28" stroke="{d}" stroke-width="4"/>',
    "tripod": '<rect x="38" y="14" width="24" height="16" rx="3" fill="{c}"/><path d="M50 30v54M50 34l-24 50M50 34l24 50" stroke="{d}" stroke-width="5"/>',
    "trousers": '<path d="M34 16h32l6 68h-16l-6-44-6 44h-16z" fill="{c}"/><path d="M34 24h32" stroke="{d}" stroke-width="4"/>',
    "vase": '<path d="M42 16h16v12q18 14 18 32t-14 24h-24q-14-6-14-24t18-32z" fill="{c}"/><path d="M38 46q12 8 24 0" fill="none" stroke="{d}" stroke-width="4"/>',
    "watch": '<path d="M40 12h20v76h-20z" fill="{d}"/><rect x="30" y="32" width="40" height="36" rx="9" fill="{c}"/><path d="M50 42v9l7 5" fill="none" stroke="#fff" stroke-width="3"/>',
}
_CACHED = 4_096  # shapes x colours x categories of the built-in shop: under 2,000


@lru_cache(maxsize=_CACHED)
def draw(shape: str, colour: str, category: str = "") -> str:
    """A data URL of the shape in the colour (`#rrggbb`) on the category's own pale ground, about 700 bytes."""
    body = SHAPES[shape].format(c=colour, d=darker(colour))
    ground = f'<rect width="100" height="100" fill="{ground_of(category)}"/>'
    sheet = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{ground}{body}</svg>'
    return "data:image/svg+xml," + quote(sheet, safe="/:=,' ()")


def ground_of(category: str) -> str:
    """A pale colour, far from those of most other categories; the same for ever."""
    if not category:
        return "#f5f3ef"
    drawn = crc32(category.encode())
    hue, pale, grey = drawn % 4_096 / 4_096, (drawn >> 12) % 64 / 64, (drawn >> 18) % 64 / 64
    red, green, blue = hls_to_rgb(hue, 0.90 + 0.05 * pale, 0.25 + 0.45 * grey)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def darker(colour: str, share: float = 0.68) -> str:
    """The colour with every channel multiplied by `share`."""
    return "#" + "".join(f"{int(int(colour[i : i + 2], 16) * share):02x}" for i in (1, 3, 5))
