"""HTML as html5lib builds it: whether a text with a piece more is the same tree with that piece's elements more."""

import html5lib


def tree(html):
    """Nested tuples: name, attributes, children; text as it is."""
    return plain(html5lib.parse(html, treebuilder="dom").documentElement)


def plain(node):
    if node.nodeType == node.TEXT_NODE:
        return node.data
    if node.nodeType != node.ELEMENT_NODE:
        return f"<!{node.nodeType} {node.nodeValue}>"
    return node.tagName, tuple(sorted(node.attributes.items())), joined([plain(child) for child in node.childNodes])


def joined(children):
    """Texts that stand side by side are one."""
    out = []
    for child in children:
        if isinstance(child, str) and out and isinstance(out[-1], str) and not (out[-1] + child).startswith("<!"):
            out[-1] += child
        elif child:
            out.append(child)
    return tuple(out)


def text(node):
    return node if isinstance(node, str) else "".join(text(child) for child in node[2])


def less(node, words):
    """The tree without the outermost elements that hold the words and nothing else, how many they were, and those in
    which they were."""
    if isinstance(node, str):
        return node, 0, ()
    name, attributes, children = node
    kept, count, around = [], 0, ()
    for child in children:
        # A body that holds nothing else was there before.
        if not isinstance(child, str) and child[0] != "body" and text(child).strip() == words:
            count, around = count + 1, (name,)
            continue
        child, inner, where = less(child, words)
        count, around = count + inner, around or (where and (name, *where))
        kept.append(child)
    return (name, attributes, joined(kept)), count, around


def unspaced(node):
    """White space as one blank, and none where there is nothing else: lines that were added mean nothing."""
    if isinstance(node, str):
        return " ".join(node.split())
    name, attributes, children = node
    children = (unspaced(child) for child in children)
    return name, attributes, tuple(child for child in children if child)


# What a signature may stand in: blocks that hold blocks.
BLOCKS = {"html", "body", "div", "section", "article", "main", "center", "font", "td", "blockquote"}


def difference(before, after, words):
    """What is wrong, in words; None when all is well."""
    old, (new, count, around) = tree(before), less(tree(after), words)
    if count != 1:
        return f"the signature is {count} elements"
    if unspaced(old) != unspaced(new):
        return "the tree is another one"
    if not set(around) <= BLOCKS:
        return f"the signature stands in {' '.join(around)}"
    return None
