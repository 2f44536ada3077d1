<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>gluelink</name>
    <message>
        <location filename="../backend_words.py"/>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Encoding windows</source>
        <translation>Fenster werden kodiert</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Encoding blocks</source>
        <translation>Blöcke werden kodiert</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Checking blocks</source>
        <translation>Blöcke werden geprüft</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Checking pixels</source>
        <translation>Pixel werden geprüft</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Reading the phrases</source>
        <translation>Begriffe werden gelesen</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Writing the map</source>
        <translation>Karte wird geschrieben</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Fetching imagery</source>
        <translation>Bilddaten werden geholt</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Waiting for another fetch of this scene</source>
        <translation>Wartet auf einen anderen Abruf dieser Szene</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Measuring</source>
        <translation>Wird gemessen</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Writing</source>
        <translation>Wird geschrieben</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Loading {model}</source>
        <translation>{model} wird geladen</translation>
    </message>
    <message>
        <location filename="../client/backend.py"/>
        <source>Start it again, or read its log.</source>
        <translation>Neu starten oder sein Protokoll lesen.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>an answer that is not in its protocol</source>
        <translation>eine Antwort, die nicht zu seinem Protokoll gehört</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The proxy between QGIS and the backend at {host} does not answer.</source>
        <translation>Der Proxy zwischen QGIS und dem Backend auf {host} antwortet nicht.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Exclude {host} from the proxy in Settings › Options › Network.</source>
        <translation>{host} unter Einstellungen › Optionen › Netzwerk vom Proxy ausnehmen.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>No computer of the name {name} can be found.</source>
        <translation>Ein Rechner namens {name} ist nicht zu finden.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Check the name in the settings, and the network.</source>
        <translation>Den Namen in den Einstellungen und das Netzwerk prüfen.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The backend does not answer at {host}.</source>
        <translation>Das Backend antwortet nicht auf {host}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>status {status}</source>
        <translation>Status {status}</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Something other than GLUE-Link answers at {host}: {what}.</source>
        <translation>Auf {host} antwortet etwas anderes als GLUE-Link: {what}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>If it is a proxy, exclude {host} from it in Settings › Options › Network.</source>
        <translation>Ist es ein Proxy, {host} unter Einstellungen › Optionen › Netzwerk davon ausnehmen.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The result cannot be written to {path}: {reason}.</source>
        <translation>Das Ergebnis kann nicht nach {path} geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Free some space, or save the project in another folder.</source>
        <translation>Platz schaffen oder das Projekt in einem anderen Ordner speichern.</translation>
    </message>
    <message>
        <location filename="../client/job.py"/>
        <source>The backend does not answer; asking again</source>
        <translation>Das Backend antwortet nicht; es wird erneut gefragt</translation>
    </message>
    <message>
        <location filename="../client/job.py"/>
        <source>The job failed without a reason.</source>
        <translation>Der Auftrag ist ohne Angabe eines Grundes gescheitert.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend could not be started: {reason}.</source>
        <translation>Das Backend konnte nicht gestartet werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend was killed or crashed.</source>
        <translation>Das Backend wurde beendet oder ist abgestürzt.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend ended by itself with exit code {code}</source>
        <translation>Das Backend hat sich mit dem Exitcode {code} selbst beendet</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Python is there</source>
        <translation>Python ist vorhanden</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The environment is made</source>
        <translation>Die Umgebung ist angelegt</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The packages are installed</source>
        <translation>Die Pakete sind installiert</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The backend can start</source>
        <translation>Das Backend kann starten</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>By the settings {python} runs the backend, which is not in its folder.</source>
        <translation>Laut Einstellungen führt {python} das Backend aus; das liegt nicht in dessen Ordner.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Empty the field Python in the settings, and press “Set up” again.</source>
        <translation>Das Feld Python in den Einstellungen leeren und erneut auf „Einrichten“ klicken.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>There is no Python 3.11, 3.12 or 3.13 with its venv module on this computer.</source>
        <translation>Auf diesem Rechner gibt es kein Python 3.11, 3.12 oder 3.13 mit dem Modul venv.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Install one (from python.org; on Debian and Ubuntu the package python3-venv), and press “Set up” again.</source>
        <translation>Eines installieren (von python.org; unter Debian und Ubuntu das Paket python3-venv) und erneut auf „Einrichten“ klicken.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Looking for Python…</source>
        <translation>Python wird gesucht…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} is an environment that no set-up has made, and is left alone.</source>
        <translation>{folder} ist eine Umgebung, die nicht von hier aus eingerichtet wurde, und bleibt unberührt.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Choose another folder in the settings, and press “Set up” again.</source>
        <translation>In den Einstellungen einen anderen Ordner wählen und erneut auf „Einrichten“ klicken.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} cannot be made: {reason}.</source>
        <translation>{folder} kann nicht angelegt werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} has {free} GB free; about {needed} GB are needed.</source>
        <translation>In {folder} sind {free} GB frei; etwa {needed} GB werden gebraucht.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Make room, or choose another folder in the settings.</source>
        <translation>Platz schaffen oder in den Einstellungen einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Making the environment…</source>
        <translation>Die Umgebung wird angelegt…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The environment could not be made</source>
        <translation>Die Umgebung konnte nicht angelegt werden</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Installing packages…</source>
        <translation>Pakete werden installiert…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The packages could not be installed</source>
        <translation>Die Pakete konnten nicht installiert werden</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Trying the backend…</source>
        <translation>Das Backend wird ausprobiert…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The backend was installed and cannot start</source>
        <translation>Das Backend wurde installiert, kann aber nicht starten</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>it wrote nothing</source>
        <translation>keine Ausgabe</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>See the log, and press “Set up” again.</source>
        <translation>Das Protokoll ansehen und erneut auf „Einrichten“ klicken.</translation>
    </message>
    <message>
        <location filename="../client/upload.py"/>
        <source>{file} was sent as far as {share}.</source>
        <translation>{file} wurde bis zu {share} gesendet.</translation>
    </message>
    <message>
        <location filename="../client/upload.py"/>
        <source>it has changed while it was sent</source>
        <translation>sie wurde während des Sendens geändert</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} is not on the backend&apos;s computer. This was measured alone.</source>
        <translation>{model} liegt nicht auf dem Rechner des Backends. Dies ist allein gemessen.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} writes no descriptions. This was measured alone.</source>
        <translation>{model} schreibt keine Beschreibungen. Dies ist allein gemessen.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} answers no questions. This was measured alone.</source>
        <translation>{model} beantwortet keine Fragen. Dies ist allein gemessen.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>This was asked with the describer {name}, which cannot be used now.</source>
        <translation>Dies wurde mit dem Beschreiber {name} gefragt, der jetzt nicht verfügbar ist.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>Choose another one under “Words by”, and press “Describe this area”.</source>
        <translation>Unter „Worte von“ einen anderen wählen und auf „Dieses Gebiet beschreiben“ klicken.</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>What an area takes stands here once there is a scene: km², windows and time.</source>
        <translation>Was ein Gebiet kostet, steht hier, sobald es eine Szene gibt: km², Fenster und Zeit.</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Working out size and time…</source>
        <translation>Größe und Zeit werden ermittelt…</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Box</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Drag a box on the map</source>
        <translation>Auf der Karte ein Rechteck aufziehen</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Click a polygon on the map; the right button or Enter closes it</source>
        <translation>Auf der Karte ein Polygon zeichnen; rechte Maustaste oder Eingabetaste schließt es</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>What the map shows, also after it was moved</source>
        <translation>Was die Karte zeigt, auch nachdem sie verschoben wurde</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Layer</source>
        <translation>Layer</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The polygons of a layer, or those selected</source>
        <translation>Die Polygone eines Layers, oder die gewählten</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <location filename="../dock/scene.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Scene</source>
        <translation>Szene</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The whole scene</source>
        <translation>Die ganze Szene</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Area</source>
        <translation>Gebiet</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The scene&apos;s footprint cannot be shown in the CRS of the map.</source>
        <translation>Der Umriss der Szene kann im KBS der Karte nicht gezeigt werden.</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>encoded already: answers at once</source>
        <translation>bereits kodiert: antwortet sofort</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>encoded already: answers as soon as the models are loaded</source>
        <translation>bereits kodiert: antwortet, sobald die Modelle geladen sind</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/area.py"/>
        <source>%n windows</source>
        <translation>
            <numerusform>%n Fenster</numerusform>
            <numerusform>%n Fenster</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>time unknown before the first run</source>
        <translation>Dauer vor dem ersten Lauf unbekannt</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>about {time}</source>
        <translation>etwa {time}</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>{share} is encoded already</source>
        <translation>{share} sind bereits kodiert</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Encoders and heads are listed once the backend has started.</source>
        <translation>Encoder und Köpfe stehen hier, sobald das Backend läuft.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Live</source>
        <translation>&amp;Live</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Let the map follow the typing</source>
        <translation>Die Karte folgt der Eingabe</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>As &amp;rank among words</source>
        <translation>Als &amp;Rang unter Wörtern</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>As this was asked before; without it, the map is one of cosines</source>
        <translation>Wie zuvor gefragt wurde; ohne den Haken wird es eine Karte von Kosinuswerten</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Ask</source>
        <translation>&amp;Fragen</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Enter in the line does the same</source>
        <translation>Die Eingabetaste in der Zeile tut dasselbe</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Encoder</source>
        <translation>&amp;Encoder</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Head</source>
        <translation>&amp;Kopf</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>none fits</source>
        <translation>keiner passt</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>{encoder}: {reads}; {dim} features per cell of {side} m; windows of {window} px</source>
        <translation>{encoder}: {reads}; {dim} Merkmale je Zelle von {side} m; Fenster von {window} px</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <location filename="../dock/describers.py"/>
        <source>Licence: {licence}</source>
        <translation>Lizenz: {licence}</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/ask.py"/>
        <source>%n encoders lack weights…</source>
        <translation>
            <numerusform>%n Encoder ohne Gewichte…</numerusform>
            <numerusform>%n Encoder ohne Gewichte…</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>{encoder} cannot be used here.</source>
        <translation>{encoder} kann hier nicht verwendet werden.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>The weights of {encoder}{size} are not on the backend&apos;s computer. Run this there in a terminal, and start the backend anew:</source>
        <translation>Die Gewichte von {encoder}{size} liegen nicht auf dem Rechner des Backends. Dies dort in einem Terminal ausführen und das Backend neu starten:</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Its weights are not on the backend&apos;s computer.</source>
        <translation>Seine Gewichte liegen nicht auf dem Rechner des Backends.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>No head fits it.</source>
        <translation>Kein Kopf passt dazu.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>It reads {reads}; the scene is {scene}.</source>
        <translation>Er liest {reads}; die Szene ist {scene}.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>It takes {least} dates or more; the scene has {dates}. State others of the place as “Other dates”, under “More”.</source>
        <translation>Er braucht {least} Termine oder mehr; die Szene hat {dates}. Weitere Szenen des Ortes als „Weitere Termine“ unter „Mehr“ angeben.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>“{question}” is a question, which is asked alone.</source>
        <translation>„{question}“ ist eine Frage; sie wird allein gestellt.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Remove the other phrases, or this one.</source>
        <translation>Die anderen Begriffe entfernen oder diese Frage.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>This was asked with the encoder {encoder}, which cannot be used now.</source>
        <translation>Dies wurde mit dem Encoder {encoder} gefragt, der jetzt nicht verfügbar ist.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>This was asked with the encoder {encoder} and the head {head}, which cannot be used now.</source>
        <translation>Dies wurde mit dem Encoder {encoder} und dem Kopf {head} gefragt, die jetzt nicht verfügbar sind.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Choose another pair under Encoder and Head, and press Ask.</source>
        <translation>Unter Encoder und Kopf ein anderes Paar wählen und auf Fragen klicken.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Text space: {space} ({dim}-d)</source>
        <translation>Textraum: {space} ({dim}-d)</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Time (UTC)</source>
        <translation>Zeit (UTC)</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Orbit</source>
        <translation>Orbit</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Track</source>
        <translation>Spur</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Bands</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Covers, %</source>
        <translation>Deckt ab, %</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>ascending</source>
        <translation>aufsteigend</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>descending</source>
        <translation>absteigend</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Searches the panel&apos;s area; where there is none, what the map shows.</source>
        <translation>Sucht im Gebiet des Panels; gibt es keines, in dem, was die Karte zeigt.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Search a catalogue</source>
        <translation>In einem Katalog suchen</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Search</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Fetch</source>
        <translation>&amp;Holen</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Orbit</source>
        <translation>&amp;Orbit</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>C&amp;atalogue</source>
        <translation>K&amp;atalog</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>F&amp;rom</source>
        <translation>&amp;Von</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Newest scene: {day}.</source>
        <translation>Neueste Szene: {day}.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>A search sends area and dates to {host}.</source>
        <translation>Eine Suche sendet Gebiet und Zeitraum an {host}.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Stop</source>
        <translation>&amp;Stopp</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <location filename="../session.py"/>
        <source>The backend is not running.</source>
        <translation>Das Backend läuft nicht.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/catalogue.py"/>
        <source>%n scenes.</source>
        <translation>
            <numerusform>%n Szene.</numerusform>
            <numerusform>%n Szenen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>It cannot be fetched: {reason}.</source>
        <translation>Sie kann nicht geholt werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>Change of {phrase}</source>
        <translation>Änderung von {phrase}</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>change of {phrase} · {earlier} to {later}</source>
        <translation>Änderung von {phrase} · {earlier} bis {later}</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>{value} fits less</source>
        <translation>{value} passt weniger</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>{value} fits better</source>
        <translation>{value} passt besser</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>Compare two maps</source>
        <translation>Zwei Karten vergleichen</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>&amp;One scale of colours</source>
        <translation>&amp;Eine Farbskala für beide</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>For one phrase: the cosines of two phrases do not compare</source>
        <translation>Für einen Begriff: die Kosinuswerte zweier Begriffe sind nicht vergleichbar</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>A few sentences about the area. Or ask above: end a line in “?”, such as “Is there water?”, or write “count ships”.</source>
        <translation>Einige Sätze über das Gebiet. Oder oben fragen: eine Zeile mit „?“ beenden, etwa „Is there water?“, oder „count ships“ schreiben.</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Press a sentence to light up its places; Enter goes there.</source>
        <translation>Ein Klick auf einen Satz beleuchtet seine Orte; die Eingabetaste führt dorthin.</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>In words</source>
        <translation>In Worten</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>&amp;Describe this area</source>
        <translation>Dieses Gebiet &amp;beschreiben</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>What was measured there, in a few sentences</source>
        <translation>Was dort gemessen wurde, in einigen Sätzen</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Objects as a &amp;layer</source>
        <translation>Objekte als &amp;Layer</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Boxes of the bright objects, with length and score, kept as a file</source>
        <translation>Rechtecke um die hellen Objekte, mit Länge und Score, als Datei gespeichert</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <location filename="../jobs/describe.py"/>
        <source>{model} wrote, and may be wrong:</source>
        <translation>{model} schrieb, und kann irren:</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Answering “{question}”…</source>
        <translation>„{question}“ wird beantwortet…</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Describing the area…</source>
        <translation>Das Gebiet wird beschrieben…</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>“{question}” was not answered.</source>
        <translation>„{question}“ wurde nicht beantwortet.</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>The area was not described.</source>
        <translation>Das Gebiet wurde nicht beschrieben.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Words &amp;by</source>
        <translation>Worte &amp;von</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Measurements alone</source>
        <translation>Nur Messungen</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Nothing is guessed.</source>
        <translation>Es wird nicht geraten.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It is not on the backend&apos;s computer.</source>
        <translation>Er liegt nicht auf dem Rechner des Backends.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>What it writes may be wrong; measurements stand beside it.</source>
        <translation>Was er schreibt, kann falsch sein; Messungen stehen daneben.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It describes, and answers no questions.</source>
        <translation>Er beschreibt und beantwortet keine Fragen.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It answers questions, and does not describe.</source>
        <translation>Er beantwortet Fragen und beschreibt nicht.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It looks at {side} m × {side} m at a time, 16 times at most.</source>
        <translation>Er sieht jeweils {side} m × {side} m, höchstens 16-mal.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press a cell of the scene; Esc ends it.</source>
        <translation>Eine Zelle der Szene anklicken; Esc beendet es.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>The scene does not reach there.</source>
        <translation>So weit reicht die Szene nicht.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>The question is full: take something out of it first.</source>
        <translation>Die Frage ist voll: zuerst etwas daraus entfernen.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>+ Like here</source>
        <translation>+ Wie hier</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press cells that look like what you look for</source>
        <translation>Zellen anklicken, die aussehen wie das Gesuchte</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>− Not like here</source>
        <translation>− Nicht wie hier</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press cells that look like what you do not look for</source>
        <translation>Zellen anklicken, die aussehen wie das nicht Gesuchte</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <location filename="../dock/setup.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Sending the scene…</source>
        <translation>Die Szene wird gesendet…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Waiting for the backend to check the scene…</source>
        <translation>Warten, bis das Backend die Szene geprüft hat…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Cancelling…</source>
        <translation>Wird abgebrochen…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Sending the request…</source>
        <translation>Die Anfrage wird gesendet…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <location filename="../dock/histogram.py"/>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <location filename="../dock/histogram.py"/>
        <source>Press or drag to hide what is below; the arrow keys move it</source>
        <translation>Klicken oder ziehen blendet aus, was darunter liegt; die Pfeiltasten verschieben die Schwelle</translation>
    </message>
    <message>
        <location filename="../dock/layer_menu.py"/>
        <location filename="../dock/runs.py"/>
        <source>Ask again</source>
        <translation>Erneut fragen</translation>
    </message>
    <message>
        <location filename="../dock/layer_menu.py"/>
        <source>Copy recipe</source>
        <translation>Rezept kopieren</translation>
    </message>
    <message>
        <location filename="../dock/locator.py"/>
        <location filename="../plugin.py"/>
        <source>Ask radar in words (GLUE-Link)</source>
        <translation>Radar in Worten fragen (GLUE-Link)</translation>
    </message>
    <message>
        <location filename="../dock/locator.py"/>
        <source>Ask the radar for “{phrase}”</source>
        <translation>Das Radar nach „{phrase}“ fragen</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>This scene</source>
        <translation>Diese Szene</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>From the 2nd percentile of the map to its largest value</source>
        <translation>Vom 2. Perzentil der Karte bis zu ihrem größten Wert</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>This view</source>
        <translation>Diese Ansicht</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>The same of what the map shows now; it follows the view</source>
        <translation>Dasselbe für den sichtbaren Ausschnitt; folgt der Ansicht</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Fixed</source>
        <translation>Fest</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Between two values, to compare maps</source>
        <translation>Zwischen zwei Werten, um Karten zu vergleichen</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Rank in the scene</source>
        <translation>Rang in der Szene</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>By how many cells of the map fit worse</source>
        <translation>Danach, wie viele Zellen der Karte schlechter passen</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Glow</source>
        <translation>Glut</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Grey, opaque</source>
        <translation>Grau, deckend</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Ask a scene, or choose one of its maps in the layer tree: how it is looked at is set here.</source>
        <translation>Eine Szene fragen oder eine ihrer Karten im Layerbaum wählen: hier wird eingestellt, wie sie gezeigt wird.</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <location filename="../dock/places.py"/>
        <location filename="../processing/accuracy.py"/>
        <location filename="../processing/bestplaces.py"/>
        <location filename="../processing/query.py"/>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Whole cells are counted, with those that the edge of the area only touches: all of them together are somewhat larger than the area</source>
        <translation>Gezählt werden ganze Zellen, auch die, die der Rand des Gebiets nur berührt: Zusammen sind sie etwas größer als das Gebiet</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Hide nothing</source>
        <translation>Nichts ausblenden</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>S&amp;mooth</source>
        <translation>&amp;Glätten</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Blend the colours of cells beside each other</source>
        <translation>Farben benachbarter Zellen ineinander übergehen lassen</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Working out the best phrase…</source>
        <translation>Der beste Begriff wird ermittelt…</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Best &amp;phrase</source>
        <translation>Bester &amp;Begriff</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Show which of this map&apos;s phrases stands out the most in each cell</source>
        <translation>Zeigen, welcher Begriff dieser Karte in jeder Zelle am meisten hervorsticht</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Rank among &amp;words</source>
        <translation>Rang unter &amp;Wörtern</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Ask it anew as a map of how many neutral words fit each cell worse than the phrase does: that compares between phrases and scenes, which a cosine does not</source>
        <translation>Neu fragen, als Karte, wie viele neutrale Wörter schlechter zu jeder Zelle passen als der Begriff: das ist zwischen Begriffen und Szenen vergleichbar, ein Kosinus nicht</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>One scale for its &amp;maps</source>
        <translation>Eine Skala für seine &amp;Karten</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Show all maps of this phrase in the project with the same colours, such as those of several dates, which the temporal controller plays</source>
        <translation>Alle Karten dieses Begriffs im Projekt in denselben Farben zeigen, etwa die mehrerer Termine, die die Zeitsteuerung abspielt</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Gamma: larger values leave only the best cells bright</source>
        <translation>Gamma: bei größeren Werten bleiben nur die besten Zellen hell</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>S&amp;tretch</source>
        <translation>S&amp;trecken</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>&amp;Ramp</source>
        <translation>&amp;Verlauf</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>&amp;Opacity</source>
        <translation>&amp;Deckkraft</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>{share} % of the cells, {km2}</source>
        <translation>{share} % der Zellen, {km2}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>all shown: {size}</source>
        <translation>alles sichtbar: {size}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>from {threshold}: {size}</source>
        <translation>ab {threshold}: {size}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>The map of the best phrase cannot be made: {reason}</source>
        <translation>Die Karte des besten Begriffs kann nicht erstellt werden: {reason}</translation>
    </message>
    <message>
        <location filename="../dock/message.py"/>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <location filename="../dock/runs.py"/>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>annual embedding</source>
        <translation>Jahres-Embedding</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>Not set</source>
        <translation>Nicht gesetzt</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>Automatic ({found})</source>
        <translation>Automatisch ({found})</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>none found</source>
        <translation>nichts gefunden</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>Another run is under way, and one runs at a time.</source>
        <translation>Ein anderer Lauf ist im Gange; es läuft immer nur einer.</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>Ask again after it.</source>
        <translation>Danach erneut fragen.</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>The diagnostics are on the clipboard.</source>
        <translation>Die Diagnose liegt in der Zwischenablage.</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Such as “open water”</source>
        <translation>Etwa „open water“</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Another phrase</source>
        <translation>Ein weiterer Begriff</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Star this phrase: it is offered first when you type</source>
        <translation>Diesen Begriff mit Stern versehen: er wird beim Tippen zuerst angeboten</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>+ &amp;Add</source>
        <translation>+ &amp;Weiterer</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Keep this phrase and type another one (Ctrl+Enter)</source>
        <translation>Diesen Begriff behalten und einen weiteren eingeben (Strg+Eingabe)</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>− &amp;But not</source>
        <translation>− &amp;Ohne</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Type what to subtract: “ship but not pier”</source>
        <translation>Eingeben, was abgezogen wird: „ship but not pier“</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Take the star from this phrase</source>
        <translation>Diesem Begriff den Stern nehmen</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>not {phrase}</source>
        <translation>ohne {phrase}</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Press to remove it</source>
        <translation>Klicken entfernt ihn</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>{line}, press to remove</source>
        <translation>{line}, klicken zum Entfernen</translation>
    </message>
    <message>
        <location filename="../dock/placefinder.py"/>
        <source>Best places of {map}</source>
        <translation>Beste Stellen von {map}</translation>
    </message>
    <message>
        <location filename="../dock/placefinder.py"/>
        <location filename="../layers/file_task.py"/>
        <source>The map is too large for the memory.</source>
        <translation>Die Karte ist zu groß für den Arbeitsspeicher.</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Ask a scene: the best places of its map are listed here.</source>
        <translation>Eine Szene fragen: die besten Stellen ihrer Karte stehen dann hier.</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <location filename="../processing/bestplaces.py"/>
        <source>Best places</source>
        <translation>Beste Stellen</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>How many places at most</source>
        <translation>Höchstzahl der Stellen</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>From one place to the next at least</source>
        <translation>Mindestabstand von einer Stelle zur nächsten</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Point layer</source>
        <translation>Punktlayer</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Polygon layer</source>
        <translation>Polygonlayer</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>A scratch layer: rank, score, hectares, phrase, scene, run</source>
        <translation>Ein Temporärlayer: Rang, Score, Hektar, Begriff, Szene, Lauf</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>The cells around each place that fit at least half as well</source>
        <translation>Die Zellen um jede Stelle, die mindestens halb so gut passen</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Places</source>
        <translation>Stellen</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Looking for them…</source>
        <translation>Sie werden gesucht…</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>score {score}</source>
        <translation>Score {score}</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Press to go there</source>
        <translation>Klicken führt dorthin</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>This place cannot be shown in the CRS of the map.</source>
        <translation>Diese Stelle kann im KBS der Karte nicht gezeigt werden.</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>{degrees}° N</source>
        <translation>{degrees}° N</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>{degrees}° S</source>
        <translation>{degrees}° S</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>{degrees}° E</source>
        <translation>{degrees}° O</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>{degrees}° W</source>
        <translation>{degrees}° W</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Press a cell of the map; Esc ends it.</source>
        <translation>Eine Zelle der Karte anklicken; Esc beendet es.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>The map has no score there.</source>
        <translation>Die Karte hat dort keinen Score.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Press a cell of the map: its score, its rank, and what the encoder saw</source>
        <translation>Eine Zelle der Karte anklicken: ihr Score, ihr Rang und was der Encoder gesehen hat</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>This map changes while you type. Enter keeps it; then its cells can be probed</source>
        <translation>Diese Karte ändert sich beim Tippen. Die Eingabetaste behält sie; dann lassen sich ihre Zellen sondieren</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Looking for the phrases that stand out in this cell…</source>
        <translation>Es werden die Begriffe gesucht, die in dieser Zelle hervorstechen…</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Phrases that stand out in this cell against the area; none need be there:</source>
        <translation>Begriffe, die in dieser Zelle gegenüber dem Gebiet hervorstechen; keiner muss dort vorkommen:</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Which phrases stand out can be said while the backend runs and has the map&apos;s scene.</source>
        <translation>Welche Begriffe hervorstechen, lässt sich sagen, solange das Backend läuft und die Szene der Karte hat.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>By how many standard deviations (σ) the cell exceeds the mean of the area, for each phrase by itself: cosines with different phrases do not compare. It tells the cell from the rest of the area, not what is there.</source>
        <translation>Um wie viele Standardabweichungen (σ) die Zelle das Mittel des Gebiets übertrifft, für jeden Begriff für sich: Kosinuswerte verschiedener Begriffe sind nicht vergleichbar. Es unterscheidet die Zelle vom übrigen Gebiet und sagt nicht, was dort ist.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Pro&amp;be</source>
        <translation>S&amp;onde</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Score {score}: {percent} % of the map&apos;s cells fit worse.</source>
        <translation>Score {score}: {percent} % der Zellen der Karte passen schlechter.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>The broken outline, {width} km wide, is what the encoder saw of it.</source>
        <translation>Der gestrichelte Umriss, {width} km breit, ist, was der Encoder davon gesehen hat.</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Start the backend</source>
        <translation>Backend starten</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Stop anyway</source>
        <translation>Trotzdem stoppen</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Copy the commands</source>
        <translation>Befehle kopieren</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/setup.py"/>
        <source>Set up</source>
        <translation>Einrichten</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Look again</source>
        <translation>Neu prüfen</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Show log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Go on sending</source>
        <translation>Weiter senden</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/scene.py"/>
        <source>Open a file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Search…</source>
        <translation>Suchen…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the units</source>
        <translation>Einheiten angeben</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the bands</source>
        <translation>Kanäle angeben</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the date</source>
        <translation>Datum angeben</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Zoom to scene</source>
        <translation>Auf die Szene zoomen</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Draw a box</source>
        <translation>Rechteck zeichnen</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Copy diagnostics</source>
        <translation>Diagnose kopieren</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Draw it again.</source>
        <translation>Es neu zeichnen.</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Give the token with which the backend was started.</source>
        <translation>Das Token angeben, mit dem das Backend gestartet wurde.</translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>no map</source>
        <translation>keine Karte</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/run_list.py"/>
        <location filename="../jobs/alignment.py"/>
        <source>%n maps</source>
        <translation>
            <numerusform>%n Karte</numerusform>
            <numerusform>%n Karten</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>Asked: {time}</source>
        <translation>Gefragt: {time}</translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>Scene: {path}</source>
        <translation>Szene: {path}</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Each question is listed here once it is answered.</source>
        <translation>Jede Frage steht hier, sobald sie beantwortet ist.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Ask the same of the same scene and area</source>
        <translation>Dasselbe für dieselbe Szene und dasselbe Gebiet fragen</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Change…</source>
        <translation>Ändern…</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Fill the panel with what was asked, and change it there</source>
        <translation>Das Panel mit der Frage füllen und sie dort ändern</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Go to its area and show its map</source>
        <translation>Zu seinem Gebiet gehen und seine Karte zeigen</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Two runs, or two phrases of one run, side by side. Select two of them</source>
        <translation>Zwei Läufe oder zwei Begriffe eines Laufs nebeneinander. Zwei davon wählen</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Change between two</source>
        <translation>Änderung zwischen zweien</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The later map minus the earlier one, of one phrase. Select two runs</source>
        <translation>Die spätere Karte minus der früheren, eines Begriffs. Zwei Läufe wählen</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Export map…</source>
        <translation>Karte exportieren…</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Write its map as a GeoTIFF</source>
        <translation>Seine Karte als GeoTIFF schreiben</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Copy as command line</source>
        <translation>Als Befehlszeile kopieren</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>For a terminal</source>
        <translation>Für ein Terminal</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Copy as JSON</source>
        <translation>Als JSON kopieren</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Scene, phrases, area, encoder and head</source>
        <translation>Szene, Begriffe, Gebiet, Encoder und Kopf</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Remove from the list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Its map stays</source>
        <translation>Seine Karte bleibt</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>“{run}” is being asked, and is listed once it is answered.</source>
        <translation>„{run}“ wird gefragt und steht hier, sobald es beantwortet ist.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The area of this run cannot be shown in the CRS of the map.</source>
        <translation>Das Gebiet dieses Laufs kann im KBS der Karte nicht gezeigt werden.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The change cannot be shown: {reason}</source>
        <translation>Die Änderung kann nicht gezeigt werden: {reason}</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Export the map</source>
        <translation>Karte exportieren</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>{file} was written.</source>
        <translation>{file} wurde geschrieben.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The command is on the clipboard.</source>
        <translation>Der Befehl liegt in der Zwischenablage.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Its area is in {file}.</source>
        <translation>Sein Gebiet liegt in {file}.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>What was asked is on the clipboard, as JSON.</source>
        <translation>Die Frage liegt als JSON in der Zwischenablage.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Scenes, tiles and their indexes</source>
        <translation>Szenen, Kacheln und ihre Verzeichnisse</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a file or a folder, or search a catalogue</source>
        <translation>Datei oder Ordner öffnen, oder in einem Katalog suchen</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Search a catalogue…</source>
        <translation>In einem Katalog suchen…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>&amp;Source</source>
        <translation>&amp;Quelle</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a scene</source>
        <translation>Szene öffnen</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a folder of VV and VH, or of tiles</source>
        <translation>Ordner mit VV und VH oder mit Kacheln öffnen</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Choose a Sentinel-1 layer, open a file or a folder, or search a catalogue.</source>
        <translation>Einen Sentinel-1-Layer wählen, eine Datei oder einen Ordner öffnen, oder in einem Katalog suchen.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Sending {file}: {progress}…</source>
        <translation>{file} wird gesendet: {progress}…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Checking the scene…</source>
        <translation>Die Szene wird geprüft…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>This scene cannot be used.</source>
        <translation>Diese Szene kann nicht verwendet werden.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>The scene is checked once the backend has started.</source>
        <translation>Die Szene wird geprüft, sobald das Backend gestartet ist.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>VV and VH</source>
        <translation>VV und VH</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>no date</source>
        <translation>kein Datum</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Start the backend on this computer</source>
        <translation>Das Backend auf diesem Rechner &amp;starten</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Use one that is running already</source>
        <translation>Eines &amp;verwenden, das bereits läuft</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>the folder&apos;s own, in .venv</source>
        <translation>das des Ordners, in .venv</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>A t&amp;unnel: the backend is on another computer</source>
        <translation>Ein &amp;Tunnel: das Backend ist auf einem anderen Rechner</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>kept until QGIS closes</source>
        <translation>gilt bis QGIS geschlossen wird</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>A token lasts until QGIS closes. To keep it, make an authentication entry of the kind API Header: Authorization = Bearer and the token.</source>
        <translation>Ein Token gilt, bis QGIS geschlossen wird. Um es zu behalten, eine Authentifizierungskonfiguration der Art API Header anlegen: Authorization = Bearer und das Token.</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Python</source>
        <translation>&amp;Python</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Address</source>
        <translation>A&amp;dresse</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Token</source>
        <translation>To&amp;ken</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>Aut&amp;hentication</source>
        <translation>&amp;Authentifizierung</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>GLUE-Link settings</source>
        <translation>GLUE-Link-Einstellungen</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>from the Python Package Index</source>
        <translation>aus dem Python Package Index</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>from its folder {folder}, without internet</source>
        <translation>aus seinem Ordner {folder}, ohne Internet</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>“Set up” makes a Python environment in {folder}: about {size} GB, {source}. It takes some minutes.</source>
        <translation>„Einrichten“ legt in {folder} eine Python-Umgebung an: etwa {size} GB, {source}. Es dauert einige Minuten.</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>Cancelled. “Set up” goes on with what is there.</source>
        <translation>Abgebrochen. „Einrichten“ macht mit dem Vorhandenen weiter.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Settings, log, diagnostics, help</source>
        <translation>Einstellungen, Protokoll, Diagnose, Hilfe</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Ready on {device}</source>
        <translation>Bereit auf {device}</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>The backend is not installed</source>
        <translation>Das Backend ist nicht installiert</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Stopped</source>
        <translation>Gestoppt</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Connecting…</source>
        <translation>Verbindet…</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Disconnect</source>
        <translation>Trennen</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Scenes and phrases are sent to {address}.</source>
        <translation>Szenen und Begriffe werden an {address} gesendet.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Searches for scenes, with area and dates, were sent to {hosts}.</source>
        <translation>Suchen nach Szenen, mit Gebiet und Zeitraum, wurden an {hosts} gesendet.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Nothing else leaves this computer.</source>
        <translation>Sonst verlässt nichts diesen Rechner.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Nothing leaves this computer.</source>
        <translation>Nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>“{run}” is still running, and would end with the backend.</source>
        <translation>„{run}“ läuft noch und würde mit dem Backend enden.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Run these two commands in a terminal, then press “Look again”:</source>
        <translation>Diese beiden Befehle in einem Terminal ausführen, dann auf „Neu prüfen“ klicken:</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>{device}, {used} of {total} GB</source>
        <translation>{device}, {used} von {total} GB</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <location filename="../processing/algorithm.py"/>
        <location filename="../../backend/scenes/options.py"/>
        <source>Units</source>
        <translation>Einheiten</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Stretch</source>
        <translation>Strecken</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <location filename="../jobs/accuracy.py"/>
        <source>accuracy of {map}</source>
        <translation>Genauigkeit von {map}</translation>
    </message>
    <message>
        <location filename="../jobs/alignment.py"/>
        <source>rather {phrase}</source>
        <translation>eher {phrase}</translation>
    </message>
    <message>
        <location filename="../jobs/alignment.py"/>
        <source>Done in {time}: {maps} in “{scene}”.</source>
        <translation>Fertig in {time}: {maps} in „{scene}“.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a yes-or-no question</source>
        <translation>eine Ja-Nein-Frage</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a count</source>
        <translation>eine Zählung</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of place</source>
        <translation>eine Frage nach dem Ort</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of share</source>
        <translation>eine Frage nach dem Anteil</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of size</source>
        <translation>eine Frage nach der Größe</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a comparison</source>
        <translation>eine Vergleichsfrage</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of date</source>
        <translation>eine Frage nach dem Datum</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>an open question</source>
        <translation>eine offene Frage</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a closed question</source>
        <translation>eine geschlossene Frage</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>the date</source>
        <translation>dem Datum</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>the size of a pixel</source>
        <translation>der Größe eines Pixels</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <location filename="../layers/runs.py"/>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>%n bright objects on water · {scene}</source>
        <translation>
            <numerusform>%n helles Objekt auf Wasser · {scene}</numerusform>
            <numerusform>%n helle Objekte auf Wasser · {scene}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>Described in {time}: %n sentences.</source>
        <translation>
            <numerusform>Beschrieben in {time}: %n Satz.</numerusform>
            <numerusform>Beschrieben in {time}: %n Sätze.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>No answer, after {time}.</source>
        <translation>Keine Antwort, nach {time}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>Answered in {time}: the %n bright objects are a layer.</source>
        <translation>
            <numerusform>Beantwortet in {time}: das helle Objekt ist ein Layer.</numerusform>
            <numerusform>Beantwortet in {time}: die %n hellen Objekte sind ein Layer.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Answered in {time}.</source>
        <translation>Beantwortet in {time}.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>nothing that is known</source>
        <translation>nichts, was bekannt wäre</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>It may be wrong. Measured in the same place: {facts}</source>
        <translation>Das kann falsch sein. Gemessen an derselben Stelle: {facts}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>It may be wrong, and calls itself {share} certain. Measured in the same place: {facts}</source>
        <translation>Das kann falsch sein und nennt sich zu {share} sicher. Gemessen an derselben Stelle: {facts}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Rests on {grounds}.</source>
        <translation>Beruht auf {grounds}.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Not answered: {kind}. Nothing is guessed.</source>
        <translation>Nicht beantwortet: {kind}. Es wird nicht geraten.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>how certain is not known</source>
        <translation>wie sicher, ist nicht bekannt</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>{share} certain</source>
        <translation>zu {share} sicher</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Answer to {kind}; {certainty}. Rests on {grounds}.</source>
        <translation>Antwort auf {kind}; {certainty}. Beruht auf {grounds}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>%n bright objects</source>
        <translation>
            <numerusform>%n hellen Objekt</numerusform>
            <numerusform>%n hellen Objekten</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>what reads as {classes}</source>
        <translation>dem, was als {classes} gelesen wird</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>what was measured of the area</source>
        <translation>dem, was vom Gebiet gemessen wurde</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>Fetching {scene}</source>
        <translation>{scene} wird geholt</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>Fetched in {time}.</source>
        <translation>Geholt in {time}.</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>It covers {share} % of the area.</source>
        <translation>Sie deckt {share} % des Gebiets ab.</translation>
    </message>
    <message>
        <location filename="../jobs/probe.py"/>
        <source>a place</source>
        <translation>eine Stelle</translation>
    </message>
    <message>
        <location filename="../jobs/scene_run.py"/>
        <location filename="../session.py"/>
        <source>There is no scene to ask.</source>
        <translation>Es gibt keine Szene, die gefragt werden könnte.</translation>
    </message>
    <message>
        <location filename="../jobs/scene_run.py"/>
        <source>What is encoded by now is kept.</source>
        <translation>Was bis jetzt kodiert ist, bleibt erhalten.</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <source>Best phrases of {map}</source>
        <translation>Beste Begriffe von {map}</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <location filename="../layers/expression.py"/>
        <source>{file} cannot be read.</source>
        <translation>{file} kann nicht gelesen werden.</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <source>{file} cannot be written.</source>
        <translation>{file} kann nicht geschrieben werden.</translation>
    </message>
    <message numerus="yes">
        <location filename="../layers/best.py"/>
        <source>best of %n phrases · {scene}</source>
        <translation>
            <numerusform>bester von %n Begriff · {scene}</numerusform>
            <numerusform>bester von %n Begriffen · {scene}</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>
&lt;h3&gt;sar_score&lt;/h3&gt;
&lt;p&gt;Returns how well a place fits a phrase, by a map of GLUE-Link in the project: at a point the
cosine of its cell, in a polygon the mean of the cells whose centres lie in it.&lt;/p&gt;
&lt;h4&gt;Syntax&lt;/h4&gt;&lt;code&gt;sar_score(phrase, geometry)&lt;/code&gt;
&lt;h4&gt;Arguments&lt;/h4&gt;
&lt;p&gt;&lt;i&gt;phrase&lt;/i&gt;: a phrase that was asked, or the name or id of a map&apos;s layer. Of several maps, the
first in the layer tree that has a value there counts.&lt;br&gt;
&lt;i&gt;geometry&lt;/i&gt;: a point or polygon in the CRS of its layer&lt;/p&gt;
&lt;h4&gt;Example&lt;/h4&gt;&lt;code&gt;sar_score(&apos;open water&apos;, $geometry)&lt;/code&gt;
</source>
        <translation>
&lt;h3&gt;sar_score&lt;/h3&gt;
&lt;p&gt;Gibt zurück, wie gut eine Stelle zu einem Begriff passt, nach einer Karte von GLUE-Link im Projekt: an einem Punkt den
Kosinus seiner Zelle, in einem Polygon das Mittel der Zellen, deren Mitten darin liegen.&lt;/p&gt;
&lt;h4&gt;Syntax&lt;/h4&gt;&lt;code&gt;sar_score(phrase, geometry)&lt;/code&gt;
&lt;h4&gt;Argumente&lt;/h4&gt;
&lt;p&gt;&lt;i&gt;phrase&lt;/i&gt;: ein Begriff, nach dem gefragt wurde, oder Name oder ID des Layers einer Karte. Von mehreren Karten zählt
die erste im Layerbaum, die dort einen Wert hat.&lt;br&gt;
&lt;i&gt;geometry&lt;/i&gt;: ein Punkt oder Polygon im KBS seines Layers&lt;/p&gt;
&lt;h4&gt;Beispiel&lt;/h4&gt;&lt;code&gt;sar_score(&apos;open water&apos;, $geometry)&lt;/code&gt;
</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>sar_score needs a geometry, such as $geometry.</source>
        <translation>sar_score braucht eine Geometrie, etwa $geometry.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>No map of the project is of “{phrase}”. Ask for it first.</source>
        <translation>Keine Karte des Projekts zeigt „{phrase}“. Zuerst danach fragen.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>The geometry is too large for sar_score; use Zonal statistics.</source>
        <translation>Die Geometrie ist zu groß für sar_score; Zonenstatistik verwenden.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>sar_score takes points and polygons.</source>
        <translation>sar_score nimmt Punkte und Polygone.</translation>
    </message>
    <message>
        <location filename="../layers/live.py"/>
        <location filename="../layers/objects.py"/>
        <location filename="../layers/scene.py"/>
        <source>QGIS cannot read the result {path}.</source>
        <translation>QGIS kann das Ergebnis {path} nicht lesen.</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>What it is</source>
        <translation>Was es ist</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Length (m)</source>
        <translation>Länge (m)</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Score: above the water (dB)</source>
        <translation>Score: über dem Wasser (dB)</translation>
    </message>
    <message>
        <location filename="../layers/pair.py"/>
        <source>{file} was sent alone: no file beside it is named alike but for VV and VH.</source>
        <translation>{file} wurde allein gesendet: keine Datei daneben heißt bis auf VV und VH gleich.</translation>
    </message>
    <message>
        <location filename="../layers/pair.py"/>
        <source>Put both files into one folder, or merge them in QGIS: Raster › Miscellaneous › Merge, each file in a separate band.</source>
        <translation>Beide Dateien in einen Ordner legen oder in QGIS verschmelzen: Raster › Sonstiges › Verschmelzen, jede Datei in einen eigenen Kanal.</translation>
    </message>
    <message>
        <location filename="../layers/result.py"/>
        <source>Maps of {scene}</source>
        <translation>Karten von {scene}</translation>
    </message>
    <message>
        <location filename="../layers/result.py"/>
        <source>{file} cannot be moved beside the project: {reason}.</source>
        <translation>{file} kann nicht neben das Projekt verschoben werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>The layer “{layer}” lies inside {file}. Unpack it, and open the file that was in it.</source>
        <translation>Der Layer „{layer}“ liegt in {file}. Das Archiv entpacken und die Datei daraus öffnen.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>The layer “{layer}” shows no file on this computer. Download it, and open that file.</source>
        <translation>Der Layer „{layer}“ zeigt keine Datei dieses Rechners. Ihn herunterladen und die Datei öffnen.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>QGIS cannot read {file} as a raster. Open a GeoTIFF, or its folder with “Open a folder…”.</source>
        <translation>QGIS kann {file} nicht als Raster lesen. Ein GeoTIFF öffnen, oder seinen Ordner mit „Ordner öffnen…“.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>“{name}” lies on this computer; a backend elsewhere can be sent GeoTIFFs of radar only.</source>
        <translation>„{name}“ liegt auf diesem Rechner; an ein Backend anderswo lassen sich nur GeoTIFFs von Radar senden.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>Open a GeoTIFF with VV and VH, or one of a pair, or use a backend on this computer.</source>
        <translation>Ein GeoTIFF mit VV und VH oder eines von einem Paar öffnen, oder ein Backend auf diesem Rechner verwenden.</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>least alike</source>
        <translation>am wenigsten ähnlich</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>most alike</source>
        <translation>am ähnlichsten</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>or fewer</source>
        <translation>oder weniger</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>of words fit worse</source>
        <translation>der Wörter passen schlechter</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>nothing like that</source>
        <translation>nichts dergleichen</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>{value} 0 % of the cells fit worse</source>
        <translation>{value} 0 % der Zellen passen schlechter</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>{value} 100 % of them do</source>
        <translation>{value} 100 % von ihnen</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>; shown from {threshold} ({share} %)</source>
        <translation>; sichtbar ab {threshold} ({share} %)</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>off: the map waits for Enter</source>
        <translation>aus: die Karte wartet auf die Eingabetaste</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>follows the typing where all is encoded</source>
        <translation>folgt der Eingabe, wo alles kodiert ist</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>asking…</source>
        <translation>wird gefragt…</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>answered in {seconds} s; Enter keeps it</source>
        <translation>beantwortet in {seconds} s; die Eingabetaste behält es</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>the map follows the typing</source>
        <translation>die Karte folgt der Eingabe</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>{phrase} (live)</source>
        <translation>{phrase} (live)</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <source>The project has no polygon layer.</source>
        <translation>Das Projekt hat keinen Polygonlayer.</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <source>{layer} has {count} polygons; at most {most} can be an area. Select some of them.</source>
        <translation>{layer} hat {count} Polygone; höchstens {most} können ein Gebiet sein. Einige davon wählen.</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>{layer} has no polygons.</source>
        <translation>{layer} hat keine Polygone.</translation>
    </message>
    <message>
        <location filename="../phrase_book.py"/>
        <source>asked before</source>
        <translation>schon gefragt</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Chance that a wanted cell outscores another</source>
        <translation>Wahrscheinlichkeit, dass eine gesuchte Zelle eine andere übertrifft</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Its lower bound</source>
        <translation>Ihre untere Grenze</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Its upper bound</source>
        <translation>Ihre obere Grenze</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Best threshold</source>
        <translation>Beste Schwelle</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Precision above it</source>
        <translation>Precision darüber</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Recall above it</source>
        <translation>Recall darüber</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Labelled cells</source>
        <translation>Zellen mit Label</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Accuracy of a map</source>
        <translation>Genauigkeit einer Karte</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Measures how well a map that “Ask a scene for phrases” has made tells what is wanted from what is not, by a layer of labelled polygons or points: AUC with an interval of 95 % confidence that knows which labels lie together, and precision and recall at the best threshold. The backend has to run on this computer.</source>
        <translation>Misst, wie gut eine Karte von „Eine Szene nach Begriffen fragen“ das Gesuchte vom Übrigen trennt, anhand eines Layers mit Polygonen oder Punkten als Label: AUC mit einem Intervall von 95 % Konfidenz, das weiß, welche Label zusammen liegen, sowie Precision und Recall an der besten Schwelle. Das Backend muss auf diesem Rechner laufen.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <location filename="../processing/bestplaces.py"/>
        <source>Phrase (band)</source>
        <translation>Begriff (Kanal)</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Labels</source>
        <translation>Label</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Field of the class</source>
        <translation>Feld der Klasse</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Classes that the phrase means, by commas</source>
        <translation>Klassen, die der Begriff meint, durch Kommas getrennt</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Classes to leave out</source>
        <translation>Klassen, die ausgelassen werden</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>There is no class that the phrase means. Give one or more of the field {field}.</source>
        <translation>Es fehlt die Klasse, die der Begriff meint. Eine oder mehrere aus dem Feld {field} angeben.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>The map lies on this computer, and the backend elsewhere. Use a backend here.</source>
        <translation>Die Karte liegt auf diesem Rechner, das Backend anderswo. Ein Backend hier verwenden.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{layer} has no field {field}. Choose one of: {names}.</source>
        <translation>{layer} hat kein Feld {field}. Eines davon wählen: {names}.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{layer} has no polygons or points. Draw some, and name their class.</source>
        <translation>{layer} hat keine Polygone oder Punkte. Einige zeichnen und ihre Klasse benennen.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>AUC {auc} of {labels} labelled cells in {places} places; precision {precision}, recall {recall} above {threshold}.</source>
        <translation>AUC {auc} aus {labels} Zellen mit Label an {places} Orten; Precision {precision}, Recall {recall} über {threshold}.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{value} ({low} to {high})</source>
        <translation>{value} ({low} bis {high})</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Linear power</source>
        <translation>Lineare Leistung</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Amplitude</source>
        <translation>Amplitude</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Digital numbers</source>
        <translation>Digitale Werte (DN)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Area (polygons)</source>
        <translation>Gebiet (Polygone)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>or area (extent)</source>
        <translation>oder Gebiet (Ausdehnung)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Phrases, one a line</source>
        <translation>Begriffe, einer je Zeile</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Words by (a tower or model of the backend)</source>
        <translation>Worte von (einem Turm oder Modell des Backends)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>What the tower or model wrote, which may be wrong</source>
        <translation>Was der Turm oder das Modell schrieb, was falsch sein kann</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>There is no phrase. Give one, such as open water.</source>
        <translation>Es fehlt ein Begriff. Einen angeben, etwa open water.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>“{place}” cannot be read as a place. Give longitude and latitude, such as 11.5755,48.1372.</source>
        <translation>„{place}“ ist kein Ort. Länge und Breite angeben, etwa 11.5755,48.1372.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>No encoder that has a head reads {scene}. “Backend status” lists those that can be used; give a scene for one of them, or train a head.</source>
        <translation>Kein Encoder mit einem Kopf liest {scene}. „Status des Backends“ nennt die verfügbaren; eine Szene für einen davon angeben oder einen Kopf trainieren.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>The encoder {encoder} cannot be used with {scene}. Choose one of: {names}.</source>
        <translation>Der Encoder {encoder} kann mit {scene} nicht verwendet werden. Einen davon wählen: {names}.</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Answer a question about a scene</source>
        <translation>Eine Frage zu einer Szene beantworten</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Answers a question about a Sentinel-1 scene, or about an area of it, from what was measured there, such as “Is there a harbour?”, “How many ships are there?”, “Where is the water?” or “How much of the area is water?”. Of a closed question the first word answers: Yes, No, a number, a side. What was not measured is answered with “Unknown” and the reason, and ANSWERED is false; nothing is guessed. CERTAINTY, from 0 to 1, is empty where it is not known. The optional layer has a polygon where what the answer rests on lies. A tower or model that is named under “Words by” answers beside it: WRITTEN, and rows of its own in the layer, whose column “by” names it. Its answers may be wrong.</source>
        <translation>Beantwortet eine Frage zu einer Sentinel-1-Szene oder zu einem Gebiet darin, aus dem, was dort gemessen wurde, etwa „Is there a harbour?“, „How many ships are there?“, „Where is the water?“ oder „How much of the area is water?“. Auf eine geschlossene Frage antwortet das erste Wort: Yes, No, eine Zahl, eine Seite. Was nicht gemessen wurde, wird mit „Unknown“ und dem Grund beantwortet, und ANSWERED ist falsch; es wird nicht geraten. CERTAINTY, von 0 bis 1, ist leer, wo sie nicht bekannt ist. Der optionale Layer hat ein Polygon, wo das liegt, worauf die Antwort beruht. Ein Turm oder Modell, das unter „Worte von“ genannt ist, antwortet daneben: WRITTEN, und eigene Zeilen im Layer, deren Spalte „by“ es nennt. Seine Antworten können falsch sein.</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>What the answer rests on</source>
        <translation>Worauf die Antwort beruht</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The answer</source>
        <translation>Die Antwort</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The kind of the question</source>
        <translation>Die Art der Frage</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Whether there is an answer</source>
        <translation>Ob es eine Antwort gibt</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>How sure it is, from 0 to 1</source>
        <translation>Wie sicher sie ist, von 0 bis 1</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>There is no question. Give one, such as Is there water?</source>
        <translation>Es fehlt eine Frage. Eine angeben, etwa Is there water?</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The backend has not answered. Update it, and try again.</source>
        <translation>Das Backend hat nicht geantwortet. Es aktualisieren und erneut versuchen.</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Best places of a map</source>
        <translation>Beste Stellen einer Karte</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Takes a map that “Ask a scene for phrases” has made, and writes the places that fit one of its phrases best as points: rank, score (the cosine), phrase and map. No two are closer than the distance, so that one lake does not take all places.</source>
        <translation>Nimmt eine Karte von „Eine Szene nach Begriffen fragen“ und schreibt die Stellen, die zu einem ihrer Begriffe am besten passen, als Punkte: Rang, Score (der Kosinus), Begriff und Karte. Keine zwei liegen näher beieinander als der Abstand, damit nicht ein See alle Stellen belegt.</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>How many</source>
        <translation>Wie viele</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Least distance</source>
        <translation>Mindestabstand</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>How many were found</source>
        <translation>Wie viele gefunden wurden</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Compare two dates</source>
        <translation>Zwei Termine vergleichen</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Asks two Sentinel-1 scenes of one place for the same phrases, and writes how much better the later one fits, as a GeoTIFF with one band a phrase: the cosine afterwards minus the cosine before, from -2 to 2. Only cells that both scenes have are written. Scenes of the same orbit and product type compare best: what differs between orbits is not a change.</source>
        <translation>Fragt zwei Sentinel-1-Szenen eines Ortes nach denselben Begriffen und schreibt, wie viel besser die spätere passt, als GeoTIFF mit einem Kanal je Begriff: der Kosinus danach minus dem Kosinus davor, von -2 bis 2. Nur Zellen, die beide Szenen haben, werden geschrieben. Am besten vergleichen sich Szenen desselben Orbits und Produkttyps: was sich zwischen Orbits unterscheidet, ist keine Veränderung.</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Scene before</source>
        <translation>Szene davor</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Scene after</source>
        <translation>Szene danach</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Change</source>
        <translation>Veränderung</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Cells that were compared</source>
        <translation>Verglichene Zellen</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>The maps of the two scenes have different grids: the scenes lie in two UTM zones. Give scenes of one orbit, or an area inside one zone.</source>
        <translation>Die Karten der beiden Szenen haben verschiedene Gitter: die Szenen liegen in zwei UTM-Zonen. Szenen eines Orbits angeben, oder ein Gebiet innerhalb einer Zone.</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>The two scenes have no place in common. Give two scenes of one place.</source>
        <translation>Die beiden Szenen haben keinen Ort gemeinsam. Zwei Szenen eines Ortes angeben.</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Count ships</source>
        <translation>Schiffe zählen</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Counts the bright objects on water of a Sentinel-1 scene, or of an area of it, and writes each as a box: its number, its length in metres (good to about 20 m), and its score, by how many dB its brightest pixel exceeds the water around. Whether they are ships, buoys, platforms or rocks, the measurement does not tell. What was not measured, such as houses, is not counted: that is an error, which says why. A tower or model that is named under “Words by” answers beside it: WRITTEN, which may be wrong; it draws no boxes.</source>
        <translation>Zählt die hellen Objekte auf Wasser in einer Sentinel-1-Szene oder einem Gebiet darin und schreibt jedes als Rechteck: seine Nummer, seine Länge in Metern (auf etwa 20 m genau) und seinen Score: um wie viele dB sein hellstes Pixel das Wasser ringsum übertrifft. Ob es Schiffe, Bojen, Plattformen oder Felsen sind, sagt die Messung nicht. Was nicht gemessen wurde, etwa Häuser, wird nicht gezählt: das ist ein Fehler, der den Grund nennt. Ein Turm oder Modell, das unter „Worte von“ genannt ist, antwortet daneben: WRITTEN, was falsch sein kann; Rechtecke zeichnet es keine.</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>What to count</source>
        <translation>Was gezählt wird</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>How many there are</source>
        <translation>Wie viele es sind</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>The same in words</source>
        <translation>Dasselbe in Worten</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Describe a scene in words</source>
        <translation>Eine Szene in Worten beschreiben</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Says in a few sentences what was measured of a Sentinel-1 scene, or of an area of it: how large it is, its date, the share of water and of built-up land and where they are, and bright objects on water. Nothing is guessed. The optional layer has a polygon for each sentence, where what it speaks of lies; a sentence about the whole area has none. A tower or model that is named under “Words by” writes beside it: WRITTEN, and rows of its own in the layer, whose column “by” names it. What it writes may be wrong.</source>
        <translation>Sagt in einigen Sätzen, was in einer Sentinel-1-Szene oder einem Gebiet darin gemessen wurde: wie groß es ist, sein Datum, den Anteil von Wasser und bebautem Land und wo sie liegen, und helle Objekte auf Wasser. Es wird nicht geraten. Der optionale Layer hat für jeden Satz ein Polygon, wo das liegt, wovon er spricht; ein Satz über das ganze Gebiet hat keines. Ein Turm oder Modell, das unter „Worte von“ genannt ist, schreibt daneben: WRITTEN, und eigene Zeilen im Layer, deren Spalte „by“ es nennt. Was es schreibt, kann falsch sein.</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Sentences with their places</source>
        <translation>Sätze mit ihren Orten</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>The description</source>
        <translation>Die Beschreibung</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>How many sentences it has</source>
        <translation>Wie viele Sätze sie hat</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Encode a scene</source>
        <translation>Eine Szene kodieren</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Encodes a Sentinel-1 scene, or an area of it, and keeps it in the backend&apos;s store: every later phrase over it is answered at once. What is encoded already is not encoded again; what was encoded before a cancel is kept. The output is the scene itself, so that a model can go on with it.</source>
        <translation>Kodiert eine Sentinel-1-Szene oder ein Gebiet darin und behält sie im Speicher des Backends: jeder spätere Begriff darüber wird sofort beantwortet. Was bereits kodiert ist, wird nicht erneut kodiert; was vor einem Abbruch kodiert wurde, bleibt erhalten. Die Ausgabe ist die Szene selbst, damit ein Modell mit ihr weiterarbeiten kann.</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>The scene</source>
        <translation>Die Szene</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Size of the area in km²</source>
        <translation>Größe des Gebiets in km²</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Windows that were encoded</source>
        <translation>Kodierte Fenster</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Like the cells at (longitude,latitude in degrees, one a line)</source>
        <translation>Wie die Zellen bei (Länge,Breite in Grad, je Zeile eine)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Unlike the cells at (longitude,latitude in degrees, one a line)</source>
        <translation>Anders als die Zellen bei (Länge,Breite in Grad, je Zeile eine)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Ask a scene for phrases</source>
        <translation>Eine Szene nach Begriffen fragen</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Writes how well every cell of a Sentinel-1 scene fits each phrase, as a GeoTIFF with one band a phrase. A value is the cosine between the cell and the phrase: it compares places, it is not a probability. With “but not” it is that cosine less the other, or less the mean of several. Cells of the scene can be examples, for and against, beside phrases or alone. What was asked, of what and with what stands in the file&apos;s tags. Without an area the whole scene is asked. What is encoded once answers later phrases at once.</source>
        <translation>Schreibt, wie gut jede Zelle einer Sentinel-1-Szene zu jedem Begriff passt, als GeoTIFF mit einem Kanal je Begriff. Ein Wert ist der Kosinus zwischen Zelle und Begriff: er vergleicht Orte, er ist keine Wahrscheinlichkeit. Mit „Aber nicht“ ist es dieser Kosinus abzüglich des anderen oder des Mittels mehrerer. Zellen der Szene können Beispiele sein, dafür und dagegen, neben Begriffen oder allein. Was wovon und womit gefragt wurde, steht in den Tags der Datei. Ohne Gebiet wird die ganze Szene gefragt. Was einmal kodiert ist, beantwortet spätere Begriffe sofort.</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>But not (subtracted from each phrase)</source>
        <translation>Aber nicht (wird von jedem Begriff abgezogen)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Size of the map in km²</source>
        <translation>Größe der Karte in km²</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Largest cosine with the first phrase</source>
        <translation>Größter Kosinus mit dem ersten Begriff</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} cannot be read as a raster. Give a GeoTIFF.</source>
        <translation>{file} kann nicht als Raster gelesen werden. Ein GeoTIFF angeben.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has {width} × {height} cells; at most {most} fit the memory. Clip it first.</source>
        <translation>{file} hat {width} × {height} Zellen; höchstens {most} passen in den Arbeitsspeicher. Zuerst zuschneiden.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has no band {band}. Choose one of 1 to {last}.</source>
        <translation>{file} hat keinen Kanal {band}. Einen von 1 bis {last} wählen.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has no square cells with north up. Give a map that GLUE-Link has made, or warp it first: Raster › Projections › Warp.</source>
        <translation>{file} hat keine quadratischen Zellen mit Norden oben. Eine Karte von GLUE-Link angeben oder zuerst transformieren: Raster › Projektionen › Transformieren.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} cannot be written. Choose another folder.</source>
        <translation>{file} kann nicht geschrieben werden. Einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Press “Set up” in the panel of GLUE-Link, then try again.</source>
        <translation>Im Panel von GLUE-Link auf „Einrichten“ klicken, dann erneut versuchen.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Run this in a terminal, then try again: {command}</source>
        <translation>Dies in einem Terminal ausführen, dann erneut versuchen: {command}</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <location filename="../session.py"/>
        <source>The backend is not installed.</source>
        <translation>Das Backend ist nicht installiert.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Starting the backend…</source>
        <translation>Das Backend wird gestartet…</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Sending {file}…</source>
        <translation>{file} wird gesendet…</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <location filename="../session.py"/>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Backend status</source>
        <translation>Status des Backends</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Finds the backend that the panel uses, or starts one, and says its version, the device that it computes on, and the encoders, heads and describers that can be used.</source>
        <translation>Findet das Backend, das das Panel verwendet, oder startet eines, und nennt seine Version, das Gerät, auf dem es rechnet, und die verfügbaren Encoder, Köpfe und Beschreiber.</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Encoders</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Describers</source>
        <translation>Beschreiber</translation>
    </message>
    <message>
        <location filename="../scene_session.py"/>
        <source>{file} cannot be read: {reason}.</source>
        <translation>{file} kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Start it and try again.</source>
        <translation>Es starten und erneut versuchen.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Run the two commands at the top of this panel in a terminal, then look again.</source>
        <translation>Die beiden Befehle oben in diesem Panel in einem Terminal ausführen, dann neu prüfen.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Press “Set up” at the top of this panel.</source>
        <translation>Oben in diesem Panel auf „Einrichten“ klicken.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>No backend is connected.</source>
        <translation>Kein Backend ist verbunden.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Connect, and try again.</source>
        <translation>Verbinden und erneut versuchen.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Choose a layer, open a file, or search a catalogue.</source>
        <translation>Einen Layer wählen, eine Datei öffnen oder in einem Katalog suchen.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>“{run}” was stopped.</source>
        <translation>„{run}“ wurde gestoppt.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>The run of “{run}” ended with it.</source>
        <translation>Der Lauf „{run}“ endete damit.</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{part} of {whole} MB</source>
        <translation>{part} von {whole} MB</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{file} cannot be written: {reason}.</source>
        <translation>{file} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{first} and {last}</source>
        <translation>{first} und {last}</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What the values of the file are; detected when left out.</source>
        <translation>Was die Werte der Datei sind; wird erkannt, wenn nichts angegeben ist.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>linear power</source>
        <translation>lineare Leistung</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>amplitude</source>
        <translation>Amplitude</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>digital numbers</source>
        <translation>digitale Werte (DN)</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Scale</source>
        <translation>Skalierung</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What stored values are multiplied with to have the units; the file&apos;s own if left out.</source>
        <translation>Womit gespeicherte Werte multipliziert werden, damit sie die Einheiten haben; sonst das der Datei.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Offset</source>
        <translation>Versatz</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What is added to stored values after the scale; the file&apos;s own if left out.</source>
        <translation>Was nach der Skalierung zu gespeicherten Werten addiert wird; sonst das der Datei.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>DN offset in dB</source>
        <translation>DN-Versatz in dB</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>For digital numbers: dB = 20 log10(DN) + this.</source>
        <translation>Für digitale Werte: dB = 20 log10(DN) + dies.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>The day of the acquisition, year-month-day; of an embedding, the year.</source>
        <translation>Der Tag der Aufnahme, Jahr-Monat-Tag; bei einem Embedding das Jahr.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Product type</source>
        <translation>Produkttyp</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What the scene is, if neither its name nor its tags say so.</source>
        <translation>Was die Szene ist, wenn weder ihr Name noch ihre Tags es sagen.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Noise floor in dB</source>
        <translation>Rauschboden in dB</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Treat pixels below this in both bands as no data; -40 if left out.</source>
        <translation>Pixel, die in beiden Kanälen darunter liegen, gelten als Leerwert; sonst -40.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Speckle filter</source>
        <translation>Speckle-Filter</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Filter speckle first.</source>
        <translation>Zuerst Speckle filtern.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>refined Lee</source>
        <translation>Refined Lee</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Band numbers</source>
        <translation>Kanalnummern</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Number of the band, from 1, in a file that does not name its bands.</source>
        <translation>Nummer des Kanals, ab 1, in einer Datei, die ihre Kanäle nicht benennt.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Other dates</source>
        <translation>Weitere Termine</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Another date of the same place: its file, or its day in a file that holds several. Most encoders take the mean of their power; some take each date by itself.</source>
        <translation>Ein weiterer Termin desselben Ortes: seine Datei, oder sein Tag in einer Datei mit mehreren. Die meisten Encoder nehmen das Mittel ihrer Leistung; einige nehmen jeden Termin für sich.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Tiles of an index</source>
        <translation>Kacheln eines Verzeichnisses</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Folder or address of the tiles that an index lists; beside it when left out.</source>
        <translation>Ordner oder Adresse der Kacheln, die ein Verzeichnis aufführt; sonst neben ihm.</translation>
    </message>
</context>
</TS>
