"""What people call each cover class in seven languages beside English: two noun phrases each.

A text encoder of several languages puts a word near its translations, but not on them. So a head
in such a space counts these as paraphrases: `paraphrase_metric`.
"""

from backend.simulation.cover import Ground as G

LANGUAGES = ("German", "French", "Spanish", "Portuguese", "Polish", "Danish", "Ukrainian")


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


TRANSLATIONS: dict[G, tuple[str, ...]] = {
    G.LAKE: _phrases(
        "ein Stausee, ein Teich, un étang, un réservoir, un embalse, una laguna, um reservatório,"
        " uma lagoa, zbiornik wodny, staw, et vandreservoir, en dam, водосховище, ставок"
    ),
    G.RIVER: _phrases(
        "ein Fluss, ein Kanal, une rivière, un canal, un río, un canal, um rio, um canal, rzeka,"
        " kanał, en å, en kanal, річка, канал"
    ),
    G.SEA: _phrases(
        "das Meer, eine Meeresbucht, la mer, une baie, el mar, una bahía, o mar, uma baía, morze,"
        " zatoka, havet, en bugt, море, затока"
    ),
    G.FLOOD: _phrases(
        "überflutete Felder, Hochwasser, des champs inondés, une inondation, campos inundados,"
        " una inundación, campos inundados, uma inundação, zalane pola, powódź, oversvømmede"
        " marker, en oversvømmelse, затоплені поля, повінь"
    ),
    G.FLOODED_VEGETATION: _phrases(
        "ein überfluteter Wald, ein Mangrovensumpf, une forêt inondée, une mangrove, un bosque"
        " inundado, un manglar, uma floresta inundada, um mangue, zalany las, namorzyny, en"
        " oversvømmet skov, en mangrovesump, затоплений ліс, мангрові зарості"
    ),
    G.MARSH: _phrases(
        "ein Moor, Schilf, un marais, des roseaux, un pantano, juncos, um pântano, juncos, bagno,"
        " trzciny, en mose, siv, болото, очерет"
    ),
    G.MUDFLAT: _phrases(
        "Watt, Schlick, des vasières, de la vase, marismas, lodo, lodaçais, lama, błota pływowe,"
        " muł, vadehav, mudder, мулисті мілини, мул"
    ),
    G.BROADLEAVED_FOREST: _phrases(
        "ein Laubwald, Buchen, une forêt de feuillus, des hêtres, un bosque de hoja ancha, hayas,"
        " um bosque de folhosas, faias, las liściasty, buki, løvskov, bøgetræer, листяний ліс,"
        " буки"
    ),
    G.CONIFEROUS_FOREST: _phrases(
        "ein Nadelwald, Fichten, une forêt de conifères, des sapins, un bosque de coníferas,"
        " pinos, um bosque de coníferas, pinheiros, las iglasty, świerki, nåleskov, grantræer,"
        " хвойний ліс, ялини"
    ),
    G.RAINFOREST: _phrases(
        "ein Regenwald, Dschungel, une forêt tropicale, la jungle, una selva tropical, la jungla,"
        " uma floresta tropical, a selva, las deszczowy, dżungla, regnskov, jungle, тропічний ліс,"
        " джунглі"
    ),
    G.SHRUBLAND: _phrases(
        "Buschland, eine Heide, des broussailles, une lande, matorral, un brezal, matagal, uma"
        " charneca, zarośla, wrzosowisko, krat, en hede, чагарники, верес"
    ),
    G.SAVANNA: _phrases(
        "Savanne, vereinzelte Bäume im Gras, la savane, des arbres épars, la sabana, árboles"
        " dispersos, a savana, árvores dispersas, sawanna, pojedyncze drzewa w trawie, savanne,"
        " spredte træer i græsset, савана, поодинокі дерева в траві"
    ),
    G.GRASSLAND: _phrases(
        "Weideland, Gras, un pâturage, de l'herbe, pastizal, hierba, pastagem, relva, pastwisko,"
        " trawa, græsgang, græs, пасовище, трава"
    ),
    G.BARE_SOIL: _phrases(
        "ein gepflügtes Feld, kahler Acker, un champ labouré, de la terre nue, un campo arado,"
        " tierra desnuda, um campo lavrado, terra nua, zaorane pole, goła gleba, en pløjet mark,"
        " nøgen jord, зоране поле, оголений ґрунт"
    ),
    G.CEREALS: _phrases(
        "ein Weizenfeld, Getreide, un champ de blé, des céréales, un campo de trigo, cereales, um"
        " campo de trigo, cereais, pole pszenicy, zboże, en hvedemark, korn, пшеничне поле,"
        " зернові"
    ),
    G.TALL_CROPS: _phrases(
        "ein Maisfeld, Raps, un champ de maïs, du colza, un campo de maíz, colza, um milharal,"
        " colza, pole kukurydzy, rzepak, en majsmark, raps, кукурудзяне поле, ріпак"
    ),
    G.RICE: _phrases(
        "ein Reisfeld, Reis, une rizière, du riz, un arrozal, arroz, um arrozal, arroz, pole"
        " ryżowe, ryż, en rismark, ris, рисове поле, рис"
    ),
    G.ORCHARD: _phrases(
        "ein Obstgarten, ein Weinberg, un verger, un vignoble, un huerto de frutales, un viñedo,"
        " um pomar, uma vinha, sad, winnica, en frugtplantage, en vingård, сад, виноградник"
    ),
    G.SPARSE: _phrases(
        "Steppe, karges Land, une steppe, une terre aride, una estepa, tierra árida, uma estepe,"
        " terra árida, step, jałowa ziemia, steppe, goldt land, степ, безплідна земля"
    ),
    G.SAND: _phrases(
        "eine Sanddüne, ein Sandstrand, des dunes, une plage de sable, dunas, una playa de arena,"
        " dunas, uma praia de areia, wydmy, piaszczysta plaża, klitter, en sandstrand, дюни,"
        " піщаний пляж"
    ),
    G.ROCK: _phrases(
        "Felsen, ein felsiger Hang, des rochers, une pente rocheuse, rocas, una ladera rocosa,"
        " rochas, uma encosta rochosa, skały, skalisty stok, klipper, en stenet skråning, скелі,"
        " кам'янистий схил"
    ),
    G.SNOW_ICE: _phrases(
        "Schnee, ein Gletscher, de la neige, un glacier, nieve, un glaciar, neve, um glaciar,"
        " śnieg, lodowiec, sne, en gletsjer, сніг, льодовик"
    ),
    G.VILLAGE: _phrases(
        "ein Dorf, ein Wohngebiet, un village, un quartier résidentiel, un pueblo, una zona"
        " residencial, uma aldeia, uma zona residencial, wieś, osiedle mieszkaniowe, en landsby,"
        " et boligområde, село, житловий район"
    ),
    G.TOWN: _phrases(
        "eine Innenstadt, Gebäude, un centre-ville, des bâtiments, un centro urbano, edificios,"
        " um centro urbano, edifícios, centrum miasta, budynki, en bymidte, bygninger, центр"
        " міста, будівлі"
    ),
    G.INDUSTRY: _phrases(
        "ein Industriegebiet, Fabriken, une zone industrielle, des usines, una zona industrial,"
        " fábricas, uma zona industrial, fábricas, strefa przemysłowa, fabryki, et industriområde,"
        " fabrikker, промислова зона, заводи"
    ),
    G.ASPHALT: _phrases(
        "eine Straße, Asphalt, une route, de l'asphalte, una carretera, asfalto, uma estrada,"
        " asfalto, droga, asfalt, en vej, asfalt, дорога, асфальт"
    ),
}
"""Two phrases in each of `LANGUAGES`, in their order, for every class."""
