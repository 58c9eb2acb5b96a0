"""Plain words for the code words of sealed folders: none says anything of a child, a place or a harm."""

# A text, not a list: two hundred lines of quotes would say no more.
_TEXT = """
acorn amber anchor apple apricot arbour aspen aster atlas autumn badger bamboo banjo barley basil beacon beech
bellows beryl birch biscuit bluebell bobbin bonnet boulder bramble brass breeze bronze brook buckle butter
button candle canoe canvas caraway cedar chalk cherry chestnut chime cinder citrus clover cobalt cobble
compass copper coral cotton cowslip crocus crystal curlew cypress dahlia daisy damson dapple delta denim dove
drum dune ebony elder elm ember fable falcon feather fennel fern ferry fiddle finch flagon flannel flax flint
flute foxglove garnet ginger glade glass granite grove gull harbour harp hazel heather heron hickory holly
honey hopper indigo inlet iris iron island ivory ivy jasper juniper kestrel kettle kite ladder lagoon lantern
lapwing larch lark laurel lavender leaf lemon lilac linden linen linnet loom lotus lupin magpie mallow
mandolin mango maple marble marigold marina marlin meadow melody merlin mint mirror moss mulberry myrtle
nectar nettle nutmeg oak oatmeal ocean olive onyx opal orchard oriole osprey otter paddle paper parsley pebble
pepper petal pewter pigeon pine plaza plover plum pocket poplar poppy prairie primrose prism quartz quill
quince raven reed ribbon ridge river robin rocket rosemary ruby russet rye saffron sage sail sandal sapphire
satin sepia shale sienna silver skylark slate snowdrop sorrel sparrow spindle spruce starling stone summit
swallow swift sycamore tansy teal teasel tern thimble thistle thyme timber topaz trellis tulip tundra tunnel
turnip umber valley vanilla velvet violet walnut warbler water wheat whistle willow windmill winter wren
yarrow yew zephyr zinc
"""
WORDS = tuple(_TEXT.split())
