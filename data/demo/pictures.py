"""Little drawn pictures: one silhouette a shape, in the product's colour, as an SVG data URL."""

from urllib.parse import quote

# Paths on a 100 x 100 sheet; {c} is the product's colour, {d} a darker tone for details.
SHAPES: dict[str, str] = {
    "bag": '<path d="M32 34q0-16 18-16t18 16" fill="none" stroke="{d}" stroke-width="5"/><rect x="26" y="30" width="48" height="54" rx="13" fill="{c}"/><rect x="34" y="56" width="32" height="20" rx="5" fill="{d}"/>',
    "belt": '<path d="M18 50a32 18 0 1 0 64 0a32 18 0 1 0-64 0" fill="none" stroke="{c}" stroke-width="10"/><rect x="42" y="60" width="16" height="16" rx="2" fill="none" stroke="{d}" stroke-width="4"/>',
    "board": '<rect x="16" y="30" width="68" height="42" rx="7" fill="{c}"/><path d="M24 62h52" stroke="{d}" stroke-width="4" stroke-linecap="round"/>',
    "bottle": '<rect x="42" y="14" width="16" height="12" rx="3" fill="{d}"/><path d="M40 28h20q8 8 8 18v34q0 6-6 6h-24q-6 0-6-6v-34q0-10 8-18z" fill="{c}"/>',
    "bowl": '<path d="M20 42h60q0 34-30 34t-30-34z" fill="{c}"/><ellipse cx="50" cy="42" rx="30" ry="7" fill="{d}"/>',
    "cable": '<path d="M22 74c20-52 36 40 56-48" fill="none" stroke="{c}" stroke-width="6" stroke-linecap="round"/><rect x="15" y="68" width="13" height="16" rx="3" fill="{d}"/><rect x="72" y="16" width="13" height="16" rx="3" fill="{d}"/>',
    "cap": '<circle cx="50" cy="20" r="7" fill="{d}"/><path d="M24 62q0-36 26-36t26 36z" fill="{c}"/><rect x="20" y="60" width="60" height="16" rx="8" fill="{d}"/>',
    "clock": '<circle cx="50" cy="50" r="32" fill="{c}"/><circle cx="50" cy="50" r="24" fill="#fff"/><path d="M50 34v16l11 8" fill="none" stroke="{d}" stroke-width="4" stroke-linecap="round"/>',
    "cloth": '<path d="M20 30q30-12 60 0v40q-30 12-60 0z" fill="{c}"/><path d="M20 44q30-12 60 0M20 58q30-12 60 0" fill="none" stroke="{d}" stroke-width="3"/>',
    "cushion": '<path d="M20 22q30 9 60 0q-9 28 0 56q-30-9-60 0q9-28 0-56z" fill="{c}"/><circle cx="50" cy="50" r="4" fill="{d}"/>',
    "headphones": '<path d="M22 60v-8a28 28 0 0 1 56 0v8" fill="none" stroke="{d}" stroke-width="6"/><rect x="16" y="54" width="16" height="28" rx="7" fill="{c}"/><rect x="68" y="54" width="16" height="28" rx="7" fill="{c}"/>',
    "jacket": '<path d="M36 16h28l22 20 4 46-11 2-5-34v36h-48v-36l-5 34-11-2 4-46z" fill="{c}"/><path d="M50 24v62M40 62h-8M68 62h-8" stroke="{d}" stroke-width="3"/><path d="M36 16q14 20 28 0l-4-4h-20z" fill="{d}"/>',
    "knife": '<path d="M16 66l46-46q14-2 10 14l-38 38z" fill="{c}"/><path d="M24 74l-10 10" stroke="{d}" stroke-width="9" stroke-linecap="round"/>',
    "lamp": '<path d="M36 18h28l12 32h-52z" fill="{c}"/><path d="M50 50v30M34 84h32" stroke="{d}" stroke-width="5" stroke-linecap="round"/>',
    "mouse": '<rect x="34" y="22" width="32" height="56" rx="16" fill="{c}"/><path d="M50 22v22" stroke="{d}" stroke-width="4"/>',
    "mug": '<path d="M64 40h10q8 0 8 10t-8 10h-10" fill="none" stroke="{d}" stroke-width="6"/><rect x="26" y="26" width="40" height="50" rx="6" fill="{c}"/>',
    "pan": '<circle cx="40" cy="54" r="27" fill="{c}"/><circle cx="40" cy="54" r="18" fill="{d}"/><path d="M62 38l24-16" stroke="{d}" stroke-width="8" stroke-linecap="round"/>',
    "pot": '<path d="M66 46q18-4 16 14t-18 10" fill="none" stroke="{d}" stroke-width="5"/><path d="M24 50l-12-10" stroke="{c}" stroke-width="8" stroke-linecap="round"/><path d="M24 44h44v26q0 14-14 14h-16q-14 0-14-14z" fill="{c}"/><path d="M28 40q18-16 36 0z" fill="{d}"/>',
    "screen": '<rect x="14" y="22" width="72" height="46" rx="4" fill="{c}"/><rect x="19" y="27" width="62" height="36" fill="{d}"/><path d="M50 68v12M34 82h32" stroke="{c}" stroke-width="6" stroke-linecap="round"/>',
    "shirt": '<path d="M36 20h28l20 14-8 16-8-4v38h-36v-38l-8 4-8-16z" fill="{c}"/><path d="M40 20q10 12 20 0" fill="{d}"/>',
    "shoe": '<path d="M14 46q10 6 20-8l30 18q20 2 22 16h-72z" fill="{c}"/><path d="M14 72h72v6h-72z" fill="{d}"/>',
    "speaker": '<rect x="30" y="14" width="40" height="72" rx="9" fill="{c}"/><circle cx="50" cy="60" r="14" fill="{d}"/><circle cx="50" cy="30" r="7" fill="{d}"/>',
    "tent": '<path d="M50 20l38 60h-76z" fill="{c}"/><path d="M50 42l14 38h-28z" fill="{d}"/>',
    "tote": '<path d="M38 40v-10q0-14 12-14t12 14v10" fill="none" stroke="{d}" stroke-width="4"/><path d="M26 38h48l6 46h-60z" fill="{c}"/>',
    "tower": '<rect x="38" y="16" width="24" height="10" rx="3" fill="{d}"/><path d="M34 28h32l6 56h-44z" fill="{c}"/><path d="M36 54h28" stroke="{d}" stroke-width="4"/>',
    "trousers": '<path d="M34 16h32l6 68h-16l-6-44-6 44h-16z" fill="{c}"/><path d="M34 24h32" stroke="{d}" stroke-width="4"/>',
    "vase": '<path d="M42 16h16v12q18 14 18 32t-14 24h-24q-14-6-14-24t18-32z" fill="{c}"/><path d="M38 46q12 8 24 0" fill="none" stroke="{d}" stroke-width="4"/>',
}


def draw(shape: str, colour: str) -> str:
    """A data URL of the shape in the colour (`#rrggbb`), about 700 bytes."""
    body = SHAPES[shape].format(c=colour, d=darker(colour))
    sheet = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="#f5f3ef"/>'
    )
    return "data:image/svg+xml," + quote(f"{sheet}{body}</svg>", safe="/:=,' ()")


def darker(colour: str, share: float = 0.68) -> str:
    """The colour with every channel multiplied by `share`."""
    return "#" + "".join(f"{int(int(colour[i : i + 2], 16) * share):02x}" for i in (1, 3, 5))
