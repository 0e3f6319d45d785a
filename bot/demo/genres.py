"""The genres of the offline catalogue, and the words that its titles and artists are made of."""

from typing import Final, NamedTuple


class Genre(NamedTuple):
    """Ranges and words of one genre; `moods`, `sounds` and `nouns` are separated by spaces."""

    name: str
    bpm: tuple[int, int]
    seconds: tuple[int, int]
    moods: str
    sounds: str
    nouns: str


GENRES: Final = tuple(
    Genre(*row)
    for row in (
        ("Lo-Fi", (68, 92), (100, 190), "chill mellow sleepy warm cozy", "beats vinyl rhodes tape", "Rain Window Notebook Tea Balcony"),
        ("Ambient", (50, 80), (180, 420), "calm floating spacious dreamy still", "pads drones synth bells", "Horizon Mist Tide Glacier Orbit"),
        ("Cinematic", (70, 140), (90, 260), "dark epic tense heroic dramatic", "strings brass choir drums", "Empire Siege Dawn Oath Ashes"),
        ("Orchestral", (60, 130), (120, 300), "grand noble sweeping tender majestic", "strings woodwinds horns timpani", "Crown Valley Voyage Garden Storm"),
        ("Synthwave", (84, 118), (150, 280), "retro neon nostalgic driving night", "synth arpeggio drums bass", "Highway Arcade Laser Skyline Midnight"),
        ("Chiptune", (120, 180), (60, 160), "playful bright retro bouncy happy", "8-bit pulse arcade bleeps", "Pixel Castle Cartridge Boss Coin"),
        ("House", (118, 128), (180, 360), "uplifting summer groovy sunny upbeat", "piano bass claps vocals", "Terrace Sunset Pool Weekend Club"),
        ("Techno", (126, 142), (200, 400), "dark driving hypnotic industrial relentless", "kick bass synth noise", "Warehouse Concrete Signal Machine Basement"),
        ("Trance", (132, 142), (220, 420), "euphoric soaring emotional uplifting bright", "synth pads arpeggio supersaw", "Sky Aurora Pulse Infinity Flight"),
        ("Drum & Bass", (168, 178), (150, 320), "energetic fast liquid intense rolling", "breakbeat bass pads amen", "Current Velocity Canal Shadow Rush"),
        ("Dubstep", (138, 145), (150, 280), "heavy aggressive dark massive gritty", "wobble bass drop drums", "Titan Fracture Cavern Wreck Hammer"),
        ("Hip Hop / Rap", (80, 104), (120, 240), "confident laid-back gritty smooth urban", "beats samples 808 scratches", "Block Crown Corner Hustle Cipher"),
        ("Trap", (130, 160), (110, 220), "dark hard moody menacing hype", "808 hihat bells bass", "Vault Fang Smoke Ice Alley"),
        ("R&B", (66, 100), (150, 260), "smooth romantic sensual warm late-night", "vocals keys bass guitar", "Velvet Candle Silk Letter Touch"),
        ("Pop", (96, 128), (140, 230), "upbeat catchy happy bright summer", "vocals guitar synth claps", "Heart Summer Sugar Mirror Dance"),
        ("Rock", (100, 160), (140, 280), "energetic rebellious raw driving loud", "guitar drums bass amps", "Thunder Engine Riot Road Fire"),
        ("Metal", (110, 210), (160, 360), "aggressive brutal epic dark furious", "guitar drums growl riffs", "Throne Plague Forge Abyss Wolf"),
        ("Punk", (160, 210), (80, 170), "fast raw angry rebellious loud", "guitar drums shouts bass", "Fence Bottle Siren Street Noise"),
        ("Jazz", (72, 200), (140, 380), "smooth late-night swinging sophisticated cool", "saxophone piano bass brushes", "Saxophone Lounge Taxi Cigar Avenue"),
        ("Blues", (60, 120), (150, 300), "sad soulful slow weary smoky", "guitar harmonica organ slide", "River Train Whiskey Crossroad Porch"),
        ("Funk", (96, 122), (140, 300), "groovy funky sunny playful tight", "bass horns clavinet guitar", "Groove Platform Shuffle Jive Strut"),
        ("Folk", (70, 130), (130, 260), "warm gentle rustic nostalgic honest", "acoustic guitar fiddle banjo", "Meadow Lantern Orchard Hearth Creek"),
        ("Country", (80, 140), (140, 240), "heartfelt sunny rustic proud easygoing", "guitar pedal-steel fiddle vocals", "Dust Pickup Harvest Boots Prairie"),
        ("Reggae", (66, 90), (160, 280), "sunny relaxed laid-back island peaceful", "skank bass organ drums", "Island Palm Harbour Roots Hammock"),
        ("Latin", (88, 130), (140, 250), "passionate sunny festive hot danceable", "congas brass guitar timbales", "Plaza Fuego Carnival Luna Mercado"),
        ("Classical", (56, 150), (120, 420), "elegant delicate sad romantic stately", "piano violin cello quartet", "Nocturne Waltz Prelude Fountain Swan"),
    )
)  # fmt: skip

ADJECTIVES: Final = [
    "Amber",
    "Broken",
    "Cobalt",
    "Distant",
    "Electric",
    "Fading",
    "Gentle",
    "Golden",
    "Hidden",
    "Hollow",
    "Honest",
    "Last",
    "Lonely",
    "Lost",
    "Lucky",
    "Midnight",
    "Northern",
    "Open",
    "Paper",
    "Quiet",
    "Restless",
    "Scarlet",
    "Secret",
    "Silver",
    "Slow",
    "Soft",
    "Sudden",
    "Velvet",
    "Violet",
    "Wild",
]

PLACES: Final = [
    "Ardenfell",
    "Bellhaven",
    "Corvanna",
    "Duskmere",
    "Eastmoor",
    "Fallowgate",
    "Glassport",
    "Halcyon",
    "Ivoryton",
    "Juniper",
    "Kestrel",
    "Lowtide",
    "Marrow",
    "Nightjar",
    "Oldbridge",
    "Pinewater",
    "Quarry",
    "Ravensea",
    "Saltmarsh",
    "Thornwick",
]

FIRST_NAMES: Final = [
    "Ada",
    "Bram",
    "Cleo",
    "Dario",
    "Elin",
    "Faye",
    "Gus",
    "Hana",
    "Idris",
    "Juno",
    "Kaito",
    "Lena",
    "Milo",
    "Nadia",
    "Otto",
    "Priya",
    "Quinn",
    "Rosa",
    "Silas",
    "Tove",
    "Ugo",
    "Vera",
    "Wren",
    "Xenia",
    "Yara",
    "Zeno",
]

LAST_NAMES: Final = [
    "Alder",
    "Beck",
    "Crane",
    "Dahl",
    "Ember",
    "Finch",
    "Grove",
    "Hale",
    "Iver",
    "Jansen",
    "Kestner",
    "Lund",
    "Marsh",
    "North",
    "Oakes",
    "Pell",
    "Quill",
    "Reyes",
    "Stone",
    "Tamm",
    "Ulrich",
    "Vance",
    "Wilde",
    "Yates",
    "Zorn",
]

BAND_NAMES: Final = [
    "Foxes",
    "Lanterns",
    "Satellites",
    "Engines",
    "Sparrows",
    "Tides",
    "Arrows",
    "Wolves",
    "Ghosts",
    "Kites",
    "Pilots",
    "Echoes",
    "Rivers",
    "Machines",
    "Strangers",
    "Colours",
    "Giants",
    "Orchards",
    "Signals",
    "Towers",
]
