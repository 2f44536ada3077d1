<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr">
<context>
    <name>gluelink</name>
    <message>
        <location filename="../backend_words.py"/>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Starting</source>
        <translation>Démarrage</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Encoding windows</source>
        <translation>Encodage des fenêtres</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Encoding blocks</source>
        <translation>Encodage des blocs</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Checking blocks</source>
        <translation>Vérification des blocs</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Checking pixels</source>
        <translation>Vérification des pixels</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Reading the phrases</source>
        <translation>Lecture des termes</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Writing the map</source>
        <translation>Écriture de la carte</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Fetching imagery</source>
        <translation>Téléchargement des images</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Waiting for another fetch of this scene</source>
        <translation>En attente d&apos;un autre téléchargement de cette scène</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Measuring</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Writing</source>
        <translation>Rédaction</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Loading {model}</source>
        <translation>Chargement de {model}</translation>
    </message>
    <message>
        <location filename="../client/backend.py"/>
        <source>Start it again, or read its log.</source>
        <translation>Redémarrez-le ou consultez son journal.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>an answer that is not in its protocol</source>
        <translation>une réponse qui n&apos;est pas dans son protocole</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The proxy between QGIS and the backend at {host} does not answer.</source>
        <translation>Le proxy entre QGIS et le backend sur {host} ne répond pas.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Exclude {host} from the proxy in Settings › Options › Network.</source>
        <translation>Excluez {host} du proxy dans Préférences › Options › Réseau.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>No computer of the name {name} can be found.</source>
        <translation>Aucun ordinateur du nom de {name} n&apos;a été trouvé.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Check the name in the settings, and the network.</source>
        <translation>Vérifiez le nom dans les paramètres, ainsi que le réseau.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The backend does not answer at {host}.</source>
        <translation>Le backend ne répond pas sur {host}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>status {status}</source>
        <translation>statut {status}</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Something other than GLUE-Link answers at {host}: {what}.</source>
        <translation>Autre chose que GLUE-Link répond sur {host} : {what}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>If it is a proxy, exclude {host} from it in Settings › Options › Network.</source>
        <translation>S&apos;il s&apos;agit d&apos;un proxy, excluez-en {host} dans Préférences › Options › Réseau.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The result cannot be written to {path}: {reason}.</source>
        <translation>Le résultat ne peut pas être écrit dans {path} : {reason}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Free some space, or save the project in another folder.</source>
        <translation>Libérez de l&apos;espace ou enregistrez le projet dans un autre dossier.</translation>
    </message>
    <message>
        <location filename="../client/job.py"/>
        <source>The backend does not answer; asking again</source>
        <translation>Le backend ne répond pas ; nouvelle tentative</translation>
    </message>
    <message>
        <location filename="../client/job.py"/>
        <source>The job failed without a reason.</source>
        <translation>La tâche a échoué sans motif.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend could not be started: {reason}.</source>
        <translation>Le backend n&apos;a pas pu être démarré : {reason}.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend was killed or crashed.</source>
        <translation>Le backend a été tué ou s&apos;est arrêté brutalement.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend ended by itself with exit code {code}</source>
        <translation>Le backend s&apos;est arrêté de lui-même avec le code {code}</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Python is there</source>
        <translation>Python est présent</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The environment is made</source>
        <translation>L&apos;environnement est créé</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The packages are installed</source>
        <translation>Les paquets sont installés</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The backend can start</source>
        <translation>Le backend peut démarrer</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>By the settings {python} runs the backend, which is not in its folder.</source>
        <translation>Selon les paramètres, {python} exécute le backend, mais il n&apos;est pas dans son dossier.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Empty the field Python in the settings, and press “Set up” again.</source>
        <translation>Videz le champ Python dans les paramètres et cliquez de nouveau sur « Installer ».</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>There is no Python 3.11, 3.12 or 3.13 with its venv module on this computer.</source>
        <translation>Il n&apos;y a pas de Python 3.11, 3.12 ou 3.13 avec son module venv sur cet ordinateur.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Install one (from python.org; on Debian and Ubuntu the package python3-venv), and press “Set up” again.</source>
        <translation>Installez-en un (depuis python.org ; sous Debian et Ubuntu, le paquet python3-venv) et cliquez de nouveau sur « Installer ».</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Looking for Python…</source>
        <translation>Recherche de Python…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} is an environment that no set-up has made, and is left alone.</source>
        <translation>{folder} est un environnement qui n&apos;a pas été installé d&apos;ici ; il n&apos;est pas modifié.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Choose another folder in the settings, and press “Set up” again.</source>
        <translation>Choisissez un autre dossier dans les paramètres et cliquez de nouveau sur « Installer ».</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} cannot be made: {reason}.</source>
        <translation>{folder} ne peut pas être créé : {reason}.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} has {free} GB free; about {needed} GB are needed.</source>
        <translation>{folder} dispose de {free} Go libres ; il en faut environ {needed}.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Make room, or choose another folder in the settings.</source>
        <translation>Libérez de l&apos;espace ou choisissez un autre dossier dans les paramètres.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Making the environment…</source>
        <translation>Création de l&apos;environnement…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The environment could not be made</source>
        <translation>L&apos;environnement n&apos;a pas pu être créé</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Installing packages…</source>
        <translation>Installation des paquets…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The packages could not be installed</source>
        <translation>Les paquets n&apos;ont pas pu être installés</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Trying the backend…</source>
        <translation>Essai du backend…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The backend was installed and cannot start</source>
        <translation>Le backend a été installé mais ne peut pas démarrer</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>it wrote nothing</source>
        <translation>aucune sortie</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>See the log, and press “Set up” again.</source>
        <translation>Consultez le journal et cliquez de nouveau sur « Installer ».</translation>
    </message>
    <message>
        <location filename="../client/upload.py"/>
        <source>{file} was sent as far as {share}.</source>
        <translation>{file} a été envoyé jusqu&apos;à {share}.</translation>
    </message>
    <message>
        <location filename="../client/upload.py"/>
        <source>it has changed while it was sent</source>
        <translation>il a changé pendant l&apos;envoi</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} is not on the backend&apos;s computer. This was measured alone.</source>
        <translation>{model} n&apos;est pas sur l&apos;ordinateur du backend. Ceci n&apos;a été que mesuré.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} writes no descriptions. This was measured alone.</source>
        <translation>{model} n&apos;écrit pas de descriptions. Ceci n&apos;a été que mesuré.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} answers no questions. This was measured alone.</source>
        <translation>{model} ne répond pas aux questions. Ceci n&apos;a été que mesuré.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>This was asked with the describer {name}, which cannot be used now.</source>
        <translation>Cette requête utilisait le descripteur {name}, qui n&apos;est pas disponible maintenant.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>Choose another one under “Words by”, and press “Describe this area”.</source>
        <translation>Choisissez-en un autre sous « Mots de », puis cliquez sur « Décrire cette zone ».</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>What an area takes stands here once there is a scene: km², windows and time.</source>
        <translation>Ce que coûte une zone s&apos;affiche ici dès qu&apos;il y a une scène : km², fenêtres et temps.</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Working out size and time…</source>
        <translation>Calcul de la taille et du temps…</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Box</source>
        <translation>Rectangle</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Drag a box on the map</source>
        <translation>Tracer un rectangle sur la carte</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Polygon</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Click a polygon on the map; the right button or Enter closes it</source>
        <translation>Tracer un polygone sur la carte ; le bouton droit ou Entrée le ferme</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>View</source>
        <translation>Vue</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>What the map shows, also after it was moved</source>
        <translation>Ce que montre la carte, même après un déplacement</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Layer</source>
        <translation>Couche</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The polygons of a layer, or those selected</source>
        <translation>Les polygones d&apos;une couche, ou ceux sélectionnés</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <location filename="../dock/scene.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Scene</source>
        <translation>Scène</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The whole scene</source>
        <translation>Toute la scène</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Area</source>
        <translation>Zone</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The scene&apos;s footprint cannot be shown in the CRS of the map.</source>
        <translation>L&apos;emprise de la scène ne peut pas être affichée dans le SCR de la carte.</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>encoded already: answers at once</source>
        <translation>déjà encodée : répond aussitôt</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>encoded already: answers as soon as the models are loaded</source>
        <translation>déjà encodée : répond dès que les modèles sont chargés</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/area.py"/>
        <source>%n windows</source>
        <translation>
            <numerusform>%n fenêtre</numerusform>
            <numerusform>%n fenêtres</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>time unknown before the first run</source>
        <translation>durée inconnue avant la première exécution</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>about {time}</source>
        <translation>environ {time}</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>{share} is encoded already</source>
        <translation>{share} est déjà encodé</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Encoders and heads are listed once the backend has started.</source>
        <translation>Encodeurs et têtes s&apos;affichent dès que le backend a démarré.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Ask</source>
        <translation>Interroger</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Live</source>
        <translation>En &amp;direct</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Let the map follow the typing</source>
        <translation>La carte suit la saisie</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>As &amp;rank among words</source>
        <translation>Comme &amp;rang parmi les mots</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>As this was asked before; without it, the map is one of cosines</source>
        <translation>Comme demandé auparavant ; sans la coche, la carte donne des cosinus</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Ask</source>
        <translation>&amp;Interroger</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Enter in the line does the same</source>
        <translation>Entrée dans la ligne fait de même</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Encoder</source>
        <translation>&amp;Encodeur</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Head</source>
        <translation>&amp;Tête</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>none fits</source>
        <translation>aucune</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>{encoder}: {reads}; {dim} features per cell of {side} m; windows of {window} px</source>
        <translation>{encoder} : {reads} ; {dim} attributs par cellule de {side} m ; fenêtres de {window} px</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <location filename="../dock/describers.py"/>
        <source>Licence: {licence}</source>
        <translation>Licence : {licence}</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/ask.py"/>
        <source>%n encoders lack weights…</source>
        <translation>
            <numerusform>%n encodeur sans poids…</numerusform>
            <numerusform>%n encodeurs sans poids…</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>{encoder} cannot be used here.</source>
        <translation>{encoder} ne peut pas être utilisé ici.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>The weights of {encoder}{size} are not on the backend&apos;s computer. Run this there in a terminal, and start the backend anew:</source>
        <translation>Les poids de {encoder}{size} ne sont pas sur l&apos;ordinateur du backend. Exécutez-y ceci dans un terminal et redémarrez le backend :</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Its weights are not on the backend&apos;s computer.</source>
        <translation>Ses poids ne sont pas sur l&apos;ordinateur du backend.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>No head fits it.</source>
        <translation>Aucune tête ne lui convient.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>It reads {reads}; the scene is {scene}.</source>
        <translation>Il lit {reads} ; la scène est {scene}.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>It takes {least} dates or more; the scene has {dates}. State others of the place as “Other dates”, under “More”.</source>
        <translation>Il lui faut {least} dates ou plus ; la scène en a {dates}. Indiquez-en d&apos;autres du même lieu dans « Autres dates », sous « Plus ».</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>“{question}” is a question, which is asked alone.</source>
        <translation>« {question} » est une question, qui se pose seule.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Remove the other phrases, or this one.</source>
        <translation>Retirez les autres termes, ou celle-ci.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>This was asked with the encoder {encoder}, which cannot be used now.</source>
        <translation>Cette requête utilisait l&apos;encodeur {encoder}, qui n&apos;est pas disponible maintenant.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>This was asked with the encoder {encoder} and the head {head}, which cannot be used now.</source>
        <translation>Cette requête utilisait l&apos;encodeur {encoder} et la tête {head}, qui ne sont pas disponibles maintenant.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Choose another pair under Encoder and Head, and press Ask.</source>
        <translation>Choisissez une autre paire sous Encodeur et Tête, puis cliquez sur Interroger.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Text space: {space} ({dim}-d)</source>
        <translation>Espace textuel : {space} ({dim} dim.)</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Time (UTC)</source>
        <translation>Heure (UTC)</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Orbit</source>
        <translation>Orbite</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Track</source>
        <translation>Trace</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Bands</source>
        <translation>Bandes</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Type</source>
        <translation>Type</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Covers, %</source>
        <translation>Couvre, %</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>any</source>
        <translation>toutes</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>ascending</source>
        <translation>ascendante</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>descending</source>
        <translation>descendante</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Searches the panel&apos;s area; where there is none, what the map shows.</source>
        <translation>Recherche dans la zone du panneau ; à défaut, dans ce que montre la carte.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Search a catalogue</source>
        <translation>Rechercher dans un catalogue</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Search</source>
        <translation>&amp;Rechercher</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Fetch</source>
        <translation>&amp;Télécharger</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Orbit</source>
        <translation>&amp;Orbite</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>to</source>
        <translation>à</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Close</source>
        <translation>&amp;Fermer</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>C&amp;atalogue</source>
        <translation>C&amp;atalogue</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>F&amp;rom</source>
        <translation>&amp;De</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Newest scene: {day}.</source>
        <translation>Scène la plus récente : {day}.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>A search sends area and dates to {host}.</source>
        <translation>Une recherche envoie la zone et les dates à {host}.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Stop</source>
        <translation>A&amp;rrêter</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <location filename="../session.py"/>
        <source>The backend is not running.</source>
        <translation>Le backend n&apos;est pas démarré.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Searching…</source>
        <translation>Recherche en cours…</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/catalogue.py"/>
        <source>%n scenes.</source>
        <translation>
            <numerusform>%n scène.</numerusform>
            <numerusform>%n scènes.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>It cannot be fetched: {reason}.</source>
        <translation>Elle ne peut pas être téléchargée : {reason}.</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>Change of {phrase}</source>
        <translation>Changement de {phrase}</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>change of {phrase} · {earlier} to {later}</source>
        <translation>changement de {phrase} · {earlier} à {later}</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>{value} fits less</source>
        <translation>{value} convient moins</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>{value} fits better</source>
        <translation>{value} convient mieux</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>Compare two maps</source>
        <translation>Comparer deux cartes</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>&amp;One scale of colours</source>
        <translation>&amp;Une seule échelle de couleurs</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>For one phrase: the cosines of two phrases do not compare</source>
        <translation>Pour un seul terme : les cosinus de deux termes ne se comparent pas</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>A few sentences about the area. Or ask above: end a line in “?”, such as “Is there water?”, or write “count ships”.</source>
        <translation>Quelques phrases sur la zone. Ou posez une question ci-dessus : terminez la ligne par « ? », comme « Is there water? », ou écrivez « count ships ».</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Press a sentence to light up its places; Enter goes there.</source>
        <translation>Cliquez sur une phrase pour éclairer ses lieux ; Entrée y mène.</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>In words</source>
        <translation>En mots</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>&amp;Describe this area</source>
        <translation>&amp;Décrire cette zone</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>What was measured there, in a few sentences</source>
        <translation>Ce qui y a été mesuré, en quelques phrases</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Objects as a &amp;layer</source>
        <translation>Objets en &amp;couche</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Boxes of the bright objects, with length and score, kept as a file</source>
        <translation>Rectangles autour des objets brillants, avec longueur et score, conservés dans un fichier</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <location filename="../jobs/describe.py"/>
        <source>{model} wrote, and may be wrong:</source>
        <translation>{model} a écrit, et peut se tromper :</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Answering “{question}”…</source>
        <translation>Réponse à « {question} »…</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Describing the area…</source>
        <translation>Description de la zone…</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>“{question}” was not answered.</source>
        <translation>« {question} » est resté sans réponse.</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>The area was not described.</source>
        <translation>La zone n&apos;a pas été décrite.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Words &amp;by</source>
        <translation>Mots &amp;de</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Measurements alone</source>
        <translation>Mesures seules</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Nothing is guessed.</source>
        <translation>Rien n&apos;est deviné.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It is not on the backend&apos;s computer.</source>
        <translation>Il n&apos;est pas sur l&apos;ordinateur du backend.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>What it writes may be wrong; measurements stand beside it.</source>
        <translation>Ce qu&apos;il écrit peut être faux ; les mesures figurent à côté.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It describes, and answers no questions.</source>
        <translation>Il décrit, et ne répond pas aux questions.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It answers questions, and does not describe.</source>
        <translation>Il répond aux questions, et ne décrit pas.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It looks at {side} m × {side} m at a time, 16 times at most.</source>
        <translation>Il regarde {side} m × {side} m à la fois, 16 fois au plus.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press a cell of the scene; Esc ends it.</source>
        <translation>Cliquez sur une cellule de la scène ; Échap termine.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>The scene does not reach there.</source>
        <translation>La scène ne va pas jusque-là.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>The question is full: take something out of it first.</source>
        <translation>La question est complète : retirez-en d’abord un élément.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>+ Like here</source>
        <translation>+ Comme ici</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press cells that look like what you look for</source>
        <translation>Cliquez sur des cellules qui ressemblent à ce que vous cherchez</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>− Not like here</source>
        <translation>− Pas comme ici</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press cells that look like what you do not look for</source>
        <translation>Cliquez sur des cellules qui ressemblent à ce que vous ne cherchez pas</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <location filename="../dock/setup.py"/>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Esc</source>
        <translation>Échap</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Sending the scene…</source>
        <translation>Envoi de la scène…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Waiting for the backend to check the scene…</source>
        <translation>En attente de la vérification de la scène par le backend…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Cancelling…</source>
        <translation>Annulation…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Sending the request…</source>
        <translation>Envoi de la requête…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>{done} of {total}</source>
        <translation>{done} sur {total}</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>{time} left</source>
        <translation>encore {time}</translation>
    </message>
    <message>
        <location filename="../dock/histogram.py"/>
        <source>Threshold</source>
        <translation>Seuil</translation>
    </message>
    <message>
        <location filename="../dock/histogram.py"/>
        <source>Press or drag to hide what is below; the arrow keys move it</source>
        <translation>Cliquer ou glisser masque ce qui est en dessous ; les flèches déplacent le seuil</translation>
    </message>
    <message>
        <location filename="../dock/layer_menu.py"/>
        <location filename="../dock/runs.py"/>
        <source>Ask again</source>
        <translation>Relancer</translation>
    </message>
    <message>
        <location filename="../dock/layer_menu.py"/>
        <source>Copy recipe</source>
        <translation>Copier la recette</translation>
    </message>
    <message>
        <location filename="../dock/locator.py"/>
        <location filename="../plugin.py"/>
        <source>Ask radar in words (GLUE-Link)</source>
        <translation>Interroger le radar en mots (GLUE-Link)</translation>
    </message>
    <message>
        <location filename="../dock/locator.py"/>
        <source>Ask the radar for “{phrase}”</source>
        <translation>Chercher « {phrase} » dans l&apos;image radar</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>This scene</source>
        <translation>Cette scène</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>From the 2nd percentile of the map to its largest value</source>
        <translation>Du 2e percentile de la carte à sa plus grande valeur</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>This view</source>
        <translation>Cette vue</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>The same of what the map shows now; it follows the view</source>
        <translation>De même pour ce que montre la carte ; suit la vue</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Fixed</source>
        <translation>Fixe</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Between two values, to compare maps</source>
        <translation>Entre deux valeurs, pour comparer des cartes</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Rank in the scene</source>
        <translation>Rang dans la scène</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>By how many cells of the map fit worse</source>
        <translation>Selon le nombre de cellules de la carte qui conviennent moins</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Glow</source>
        <translation>Braise</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Blue</source>
        <translation>Bleu</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Grey, opaque</source>
        <translation>Gris, opaque</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Ask a scene, or choose one of its maps in the layer tree: how it is looked at is set here.</source>
        <translation>Interrogez une scène, ou choisissez une de ses cartes dans l&apos;arbre des couches : son affichage se règle ici.</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <location filename="../dock/places.py"/>
        <location filename="../processing/accuracy.py"/>
        <location filename="../processing/bestplaces.py"/>
        <location filename="../processing/query.py"/>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Whole cells are counted, with those that the edge of the area only touches: all of them together are somewhat larger than the area</source>
        <translation>Les cellules sont comptées entières, même celles que le bord de la zone ne fait que toucher : ensemble, elles sont un peu plus grandes que la zone</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>All</source>
        <translation>Tout</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Hide nothing</source>
        <translation>Ne rien masquer</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>S&amp;mooth</source>
        <translation>&amp;Lisser</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Blend the colours of cells beside each other</source>
        <translation>Fondre les couleurs des cellules voisines</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Working out the best phrase…</source>
        <translation>Calcul du meilleur terme…</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Best &amp;phrase</source>
        <translation>Meilleur &amp;terme</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Show which of this map&apos;s phrases stands out the most in each cell</source>
        <translation>Montrer lequel des termes de cette carte ressort le plus dans chaque cellule</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Rank among &amp;words</source>
        <translation>Rang parmi les &amp;mots</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Ask it anew as a map of how many neutral words fit each cell worse than the phrase does: that compares between phrases and scenes, which a cosine does not</source>
        <translation>Interroger à nouveau, en carte du nombre de mots neutres qui conviennent moins à chaque cellule que le terme : cela se compare entre termes et scènes, un cosinus non</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>One scale for its &amp;maps</source>
        <translation>Une échelle pour ses &amp;cartes</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Show all maps of this phrase in the project with the same colours, such as those of several dates, which the temporal controller plays</source>
        <translation>Afficher toutes les cartes de ce terme dans le projet avec les mêmes couleurs, par exemple celles de plusieurs dates, que le contrôleur temporel fait défiler</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Gamma: larger values leave only the best cells bright</source>
        <translation>Gamma : les grandes valeurs ne laissent que les meilleures cellules en clair</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>S&amp;tretch</source>
        <translation>É&amp;tirement</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>&amp;Ramp</source>
        <translation>&amp;Palette</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>&amp;Opacity</source>
        <translation>&amp;Opacité</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>{share} % of the cells, {km2}</source>
        <translation>{share} % des cellules, {km2}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>all shown: {size}</source>
        <translation>tout est visible : {size}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>from {threshold}: {size}</source>
        <translation>à partir de {threshold} : {size}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>The map of the best phrase cannot be made: {reason}</source>
        <translation>La carte du meilleur terme ne peut pas être créée : {reason}</translation>
    </message>
    <message>
        <location filename="../dock/message.py"/>
        <source>Close this message</source>
        <translation>Fermer ce message</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <location filename="../dock/runs.py"/>
        <source>More</source>
        <translation>Plus</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>annual embedding</source>
        <translation>embedding annuel</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>Not set</source>
        <translation>Non renseigné</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>Automatic ({found})</source>
        <translation>Automatique ({found})</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>none found</source>
        <translation>rien trouvé</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>Another run is under way, and one runs at a time.</source>
        <translation>Une autre exécution est en cours ; il n&apos;y en a qu&apos;une à la fois.</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>Ask again after it.</source>
        <translation>Relancez ensuite la requête.</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>The diagnostics are on the clipboard.</source>
        <translation>Le diagnostic est dans le presse-papier.</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Such as “open water”</source>
        <translation>Par exemple « open water »</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Another phrase</source>
        <translation>Un autre terme</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Star this phrase: it is offered first when you type</source>
        <translation>Marquer ce terme d&apos;une étoile : il est proposé en premier à la saisie</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>+ &amp;Add</source>
        <translation>+ &amp;Ajouter</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Keep this phrase and type another one (Ctrl+Enter)</source>
        <translation>Garder ce terme et en saisir un autre (Ctrl+Entrée)</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>− &amp;But not</source>
        <translation>− &amp;Sauf</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Type what to subtract: “ship but not pier”</source>
        <translation>Saisir ce qui est soustrait : « ship but not pier »</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Take the star from this phrase</source>
        <translation>Retirer l&apos;étoile de ce terme</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>not {phrase}</source>
        <translation>sauf {phrase}</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Press to remove it</source>
        <translation>Cliquer pour le retirer</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>{line}, press to remove</source>
        <translation>{line}, cliquer pour retirer</translation>
    </message>
    <message>
        <location filename="../dock/placefinder.py"/>
        <source>Best places of {map}</source>
        <translation>Meilleurs endroits de {map}</translation>
    </message>
    <message>
        <location filename="../dock/placefinder.py"/>
        <location filename="../layers/file_task.py"/>
        <source>The map is too large for the memory.</source>
        <translation>La carte est trop grande pour la mémoire.</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Ask a scene: the best places of its map are listed here.</source>
        <translation>Interrogez une scène : les meilleurs endroits de sa carte s&apos;affichent ici.</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <location filename="../processing/bestplaces.py"/>
        <source>Best places</source>
        <translation>Meilleurs endroits</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>How many places at most</source>
        <translation>Nombre maximal d&apos;endroits</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>From one place to the next at least</source>
        <translation>Distance minimale d&apos;un endroit à l&apos;autre</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Point layer</source>
        <translation>Couche de points</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Polygon layer</source>
        <translation>Couche de polygones</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>A scratch layer: rank, score, hectares, phrase, scene, run</source>
        <translation>Une couche temporaire : rang, score, hectares, terme, scène, exécution</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>The cells around each place that fit at least half as well</source>
        <translation>Les cellules autour de chaque endroit qui conviennent au moins à moitié</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Places</source>
        <translation>Endroits</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Looking for them…</source>
        <translation>Recherche en cours…</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>score {score}</source>
        <translation>score {score}</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Press to go there</source>
        <translation>Cliquer pour y aller</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>This place cannot be shown in the CRS of the map.</source>
        <translation>Cet endroit ne peut pas être affiché dans le SCR de la carte.</translation>
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
        <translation>{degrees}° E</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>{degrees}° W</source>
        <translation>{degrees}° O</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Press a cell of the map; Esc ends it.</source>
        <translation>Cliquez sur une cellule de la carte ; Échap termine.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>The map has no score there.</source>
        <translation>La carte n&apos;a pas de score à cet endroit.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Press a cell of the map: its score, its rank, and what the encoder saw</source>
        <translation>Cliquer sur une cellule de la carte : son score, son rang et ce que l&apos;encodeur a vu</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>This map changes while you type. Enter keeps it; then its cells can be probed</source>
        <translation>Cette carte change pendant la saisie. Entrée la conserve ; ses cellules peuvent alors être sondées</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Looking for the phrases that stand out in this cell…</source>
        <translation>Recherche des termes qui ressortent dans cette cellule…</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Phrases that stand out in this cell against the area; none need be there:</source>
        <translation>Termes qui ressortent dans cette cellule par rapport à la zone ; aucun n&apos;y est forcément présent :</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Which phrases stand out can be said while the backend runs and has the map&apos;s scene.</source>
        <translation>On peut dire quels termes ressortent tant que le backend fonctionne et dispose de la scène de la carte.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>By how many standard deviations (σ) the cell exceeds the mean of the area, for each phrase by itself: cosines with different phrases do not compare. It tells the cell from the rest of the area, not what is there.</source>
        <translation>De combien d&apos;écarts-types (σ) la cellule dépasse la moyenne de la zone, pour chaque terme séparément : les cosinus de termes différents ne se comparent pas. Cela distingue la cellule du reste de la zone, sans dire ce qui s&apos;y trouve.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Pro&amp;be</source>
        <translation>Son&amp;de</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Score {score}: {percent} % of the map&apos;s cells fit worse.</source>
        <translation>Score {score} : {percent} % des cellules de la carte conviennent moins.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>The broken outline, {width} km wide, is what the encoder saw of it.</source>
        <translation>Le contour en tirets, large de {width} km, est ce que l&apos;encodeur en a vu.</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Start the backend</source>
        <translation>Démarrer le backend</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Connect</source>
        <translation>Connecter</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Resume</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Stop anyway</source>
        <translation>Arrêter quand même</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Copy the commands</source>
        <translation>Copier les commandes</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/setup.py"/>
        <source>Set up</source>
        <translation>Installer</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Look again</source>
        <translation>Revérifier</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Show log</source>
        <translation>Afficher le journal</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Settings…</source>
        <translation>Paramètres…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Go on sending</source>
        <translation>Poursuivre l&apos;envoi</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/scene.py"/>
        <source>Open a file…</source>
        <translation>Ouvrir un fichier…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Search…</source>
        <translation>Rechercher…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the units</source>
        <translation>Indiquer les unités</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the bands</source>
        <translation>Indiquer les bandes</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the date</source>
        <translation>Indiquer la date</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Zoom to scene</source>
        <translation>Zoomer sur la scène</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Draw a box</source>
        <translation>Tracer un rectangle</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Copy diagnostics</source>
        <translation>Copier le diagnostic</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Draw it again.</source>
        <translation>Tracez-la de nouveau.</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Give the token with which the backend was started.</source>
        <translation>Indiquez le jeton avec lequel le backend a été démarré.</translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>no map</source>
        <translation>pas de carte</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/run_list.py"/>
        <location filename="../jobs/alignment.py"/>
        <source>%n maps</source>
        <translation>
            <numerusform>%n carte</numerusform>
            <numerusform>%n cartes</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>Asked: {time}</source>
        <translation>Demandé : {time}</translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>Scene: {path}</source>
        <translation>Scène : {path}</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Each question is listed here once it is answered.</source>
        <translation>Chaque requête s&apos;affiche ici une fois traitée.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Runs</source>
        <translation>Exécutions</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Ask the same of the same scene and area</source>
        <translation>Redemander la même chose pour la même scène et la même zone</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Change…</source>
        <translation>Changer…</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Fill the panel with what was asked, and change it there</source>
        <translation>Remplir le panneau avec la requête pour l&apos;y modifier</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Go to its area and show its map</source>
        <translation>Aller à sa zone et afficher sa carte</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Two runs, or two phrases of one run, side by side. Select two of them</source>
        <translation>Deux exécutions, ou deux termes d&apos;une même exécution, côte à côte. En sélectionner deux</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Change between two</source>
        <translation>Changement entre deux</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The later map minus the earlier one, of one phrase. Select two runs</source>
        <translation>La carte postérieure moins l&apos;antérieure, d&apos;un même terme. Sélectionnez deux exécutions</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Export map…</source>
        <translation>Exporter la carte…</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Write its map as a GeoTIFF</source>
        <translation>Écrire sa carte en GeoTIFF</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Copy as command line</source>
        <translation>Copier comme ligne de commande</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>For a terminal</source>
        <translation>Pour un terminal</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Copy as JSON</source>
        <translation>Copier en JSON</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Scene, phrases, area, encoder and head</source>
        <translation>Scène, termes, zone, encodeur et tête</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Remove from the list</source>
        <translation>Retirer de la liste</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Its map stays</source>
        <translation>Sa carte reste</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>“{run}” is being asked, and is listed once it is answered.</source>
        <translation>« {run} » est en cours, et s&apos;affiche ici dès qu&apos;il y a une réponse.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The area of this run cannot be shown in the CRS of the map.</source>
        <translation>La zone de cette exécution ne peut pas être affichée dans le SCR de la carte.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The change cannot be shown: {reason}</source>
        <translation>Le changement ne peut pas être affiché : {reason}</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Export the map</source>
        <translation>Exporter la carte</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>{file} was written.</source>
        <translation>{file} a été écrit.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The command is on the clipboard.</source>
        <translation>La commande est dans le presse-papier.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Its area is in {file}.</source>
        <translation>Sa zone est dans {file}.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>What was asked is on the clipboard, as JSON.</source>
        <translation>La requête est dans le presse-papier, en JSON.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Scenes, tiles and their indexes</source>
        <translation>Scènes, tuiles et leurs index</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a file or a folder, or search a catalogue</source>
        <translation>Ouvrir un fichier ou un dossier, ou rechercher dans un catalogue</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a folder…</source>
        <translation>Ouvrir un dossier…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Search a catalogue…</source>
        <translation>Rechercher dans un catalogue…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>&amp;Source</source>
        <translation>&amp;Source</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a scene</source>
        <translation>Ouvrir une scène</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a folder of VV and VH, or of tiles</source>
        <translation>Ouvrir un dossier de VV et VH, ou de tuiles</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Choose a Sentinel-1 layer, open a file or a folder, or search a catalogue.</source>
        <translation>Choisissez une couche Sentinel-1, ouvrez un fichier ou un dossier, ou recherchez dans un catalogue.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Sending {file}: {progress}…</source>
        <translation>Envoi de {file} : {progress}…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Checking the scene…</source>
        <translation>Vérification de la scène…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>This scene cannot be used.</source>
        <translation>Cette scène ne peut pas être utilisée.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>The scene is checked once the backend has started.</source>
        <translation>La scène sera vérifiée une fois le backend démarré.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>VV and VH</source>
        <translation>VV et VH</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>no date</source>
        <translation>pas de date</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Start the backend on this computer</source>
        <translation>&amp;Démarrer le backend sur cet ordinateur</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Use one that is running already</source>
        <translation>&amp;Utiliser un backend déjà démarré</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>the folder&apos;s own, in .venv</source>
        <translation>celui du dossier, dans .venv</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>A t&amp;unnel: the backend is on another computer</source>
        <translation>Un tu&amp;nnel : le backend est sur un autre ordinateur</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>kept until QGIS closes</source>
        <translation>gardé jusqu&apos;à la fermeture de QGIS</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>A token lasts until QGIS closes. To keep it, make an authentication entry of the kind API Header: Authorization = Bearer and the token.</source>
        <translation>Un jeton dure jusqu&apos;à la fermeture de QGIS. Pour le conserver, créez une configuration d&apos;authentification de type API Header : Authorization = Bearer suivi du jeton.</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Folder</source>
        <translation>D&amp;ossier</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Python</source>
        <translation>&amp;Python</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Address</source>
        <translation>&amp;Adresse</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Token</source>
        <translation>&amp;Jeton</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>Aut&amp;hentication</source>
        <translation>Aut&amp;hentification</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>GLUE-Link settings</source>
        <translation>Paramètres de GLUE-Link</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>from the Python Package Index</source>
        <translation>depuis le Python Package Index</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>from its folder {folder}, without internet</source>
        <translation>depuis son dossier {folder}, sans internet</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>“Set up” makes a Python environment in {folder}: about {size} GB, {source}. It takes some minutes.</source>
        <translation>« Installer » crée un environnement Python dans {folder} : environ {size} Go, {source}. Cela prend quelques minutes.</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>Cancelled. “Set up” goes on with what is there.</source>
        <translation>Annulé. « Installer » reprend avec ce qui est déjà là.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Settings, log, diagnostics, help</source>
        <translation>Paramètres, journal, diagnostic, aide</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Ready on {device}</source>
        <translation>Prêt sur {device}</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>The backend is not installed</source>
        <translation>Le backend n&apos;est pas installé</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Stopped</source>
        <translation>Arrêté</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Starting…</source>
        <translation>Démarrage…</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Ready</source>
        <translation>Prêt</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Connecting…</source>
        <translation>Connexion…</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Not connected</source>
        <translation>Non connecté</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Start</source>
        <translation>Démarrer</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Disconnect</source>
        <translation>Déconnecter</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Scenes and phrases are sent to {address}.</source>
        <translation>Les scènes et les termes sont envoyés à {address}.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Searches for scenes, with area and dates, were sent to {hosts}.</source>
        <translation>Des recherches de scènes, avec zone et dates, ont été envoyées à {hosts}.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Nothing else leaves this computer.</source>
        <translation>Rien d&apos;autre ne quitte cet ordinateur.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Nothing leaves this computer.</source>
        <translation>Rien ne quitte cet ordinateur.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>“{run}” is still running, and would end with the backend.</source>
        <translation>« {run} » est en cours et s&apos;arrêterait avec le backend.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Run these two commands in a terminal, then press “Look again”:</source>
        <translation>Exécutez ces deux commandes dans un terminal, puis cliquez sur « Revérifier » :</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>{device}, {used} of {total} GB</source>
        <translation>{device}, {used} sur {total} Go</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <location filename="../processing/algorithm.py"/>
        <location filename="../../backend/scenes/options.py"/>
        <source>Units</source>
        <translation>Unités</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Encoder</source>
        <translation>Encodeur</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Stretch</source>
        <translation>Étirement</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Opacity</source>
        <translation>Opacité</translation>
    </message>
    <message>
        <location filename="../jobs/accuracy.py"/>
        <source>accuracy of {map}</source>
        <translation>exactitude de {map}</translation>
    </message>
    <message>
        <location filename="../jobs/alignment.py"/>
        <source>rather {phrase}</source>
        <translation>plutôt {phrase}</translation>
    </message>
    <message>
        <location filename="../jobs/alignment.py"/>
        <source>Done in {time}: {maps} in “{scene}”.</source>
        <translation>Terminé en {time} : {maps} dans « {scene} ».</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a yes-or-no question</source>
        <translation>une question par oui ou non</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a count</source>
        <translation>un comptage</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of place</source>
        <translation>une question de lieu</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of share</source>
        <translation>une question de part</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of size</source>
        <translation>une question de taille</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a comparison</source>
        <translation>une comparaison</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of date</source>
        <translation>une question de date</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>an open question</source>
        <translation>une question ouverte</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a closed question</source>
        <translation>une question fermée</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>the date</source>
        <translation>la date</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>the size of a pixel</source>
        <translation>la taille d&apos;un pixel</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <location filename="../layers/runs.py"/>
        <source>Description</source>
        <translation>Description</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>%n bright objects on water · {scene}</source>
        <translation>
            <numerusform>%n objet brillant sur l&apos;eau · {scene}</numerusform>
            <numerusform>%n objets brillants sur l&apos;eau · {scene}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>Described in {time}: %n sentences.</source>
        <translation>
            <numerusform>Décrite en {time} : %n phrase.</numerusform>
            <numerusform>Décrite en {time} : %n phrases.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>No answer, after {time}.</source>
        <translation>Pas de réponse, après {time}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>Answered in {time}: the %n bright objects are a layer.</source>
        <translation>
            <numerusform>Réponse en {time} : l&apos;objet brillant est une couche.</numerusform>
            <numerusform>Réponse en {time} : les %n objets brillants sont une couche.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Answered in {time}.</source>
        <translation>Réponse en {time}.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>nothing that is known</source>
        <translation>rien de connu</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>It may be wrong. Measured in the same place: {facts}</source>
        <translation>Cela peut être faux. Mesuré au même endroit : {facts}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>It may be wrong, and calls itself {share} certain. Measured in the same place: {facts}</source>
        <translation>Cela peut être faux, et se dit certain à {share}. Mesuré au même endroit : {facts}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Rests on {grounds}.</source>
        <translation>Repose sur {grounds}.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Not answered: {kind}. Nothing is guessed.</source>
        <translation>Sans réponse : {kind}. Rien n&apos;est deviné.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>how certain is not known</source>
        <translation>certitude inconnue</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>{share} certain</source>
        <translation>sûre à {share}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Answer to {kind}; {certainty}. Rests on {grounds}.</source>
        <translation>Réponse à {kind} ; {certainty}. Repose sur {grounds}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>%n bright objects</source>
        <translation>
            <numerusform>%n objet brillant</numerusform>
            <numerusform>%n objets brillants</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>what reads as {classes}</source>
        <translation>ce qui est lu comme {classes}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>what was measured of the area</source>
        <translation>ce qui a été mesuré de la zone</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>Fetching {scene}</source>
        <translation>Téléchargement de {scene}</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>Fetched in {time}.</source>
        <translation>Téléchargée en {time}.</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>It covers {share} % of the area.</source>
        <translation>Elle couvre {share} % de la zone.</translation>
    </message>
    <message>
        <location filename="../jobs/probe.py"/>
        <source>a place</source>
        <translation>un endroit</translation>
    </message>
    <message>
        <location filename="../jobs/scene_run.py"/>
        <location filename="../session.py"/>
        <source>There is no scene to ask.</source>
        <translation>Il n&apos;y a pas de scène à interroger.</translation>
    </message>
    <message>
        <location filename="../jobs/scene_run.py"/>
        <source>What is encoded by now is kept.</source>
        <translation>Ce qui est déjà encodé est conservé.</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <source>Best phrases of {map}</source>
        <translation>Meilleurs termes de {map}</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <location filename="../layers/expression.py"/>
        <source>{file} cannot be read.</source>
        <translation>{file} ne peut pas être lu.</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <source>{file} cannot be written.</source>
        <translation>{file} ne peut pas être écrit.</translation>
    </message>
    <message numerus="yes">
        <location filename="../layers/best.py"/>
        <source>best of %n phrases · {scene}</source>
        <translation>
            <numerusform>meilleur de %n terme · {scene}</numerusform>
            <numerusform>meilleur de %n termes · {scene}</numerusform>
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
&lt;p&gt;Renvoie à quel point un lieu correspond à un terme, d&apos;après une carte de GLUE-Link du projet : en un point, le
cosinus de sa cellule ; dans un polygone, la moyenne des cellules dont le centre s&apos;y trouve.&lt;/p&gt;
&lt;h4&gt;Syntaxe&lt;/h4&gt;&lt;code&gt;sar_score(phrase, geometry)&lt;/code&gt;
&lt;h4&gt;Arguments&lt;/h4&gt;
&lt;p&gt;&lt;i&gt;phrase&lt;/i&gt; : un terme qui a été demandé, ou le nom ou l&apos;identifiant de la couche d&apos;une carte. De plusieurs cartes, la
première de l&apos;arbre des couches qui a une valeur à cet endroit compte.&lt;br&gt;
&lt;i&gt;geometry&lt;/i&gt; : un point ou un polygone dans le SCR de sa couche&lt;/p&gt;
&lt;h4&gt;Exemple&lt;/h4&gt;&lt;code&gt;sar_score(&apos;open water&apos;, $geometry)&lt;/code&gt;
</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>sar_score needs a geometry, such as $geometry.</source>
        <translation>sar_score a besoin d&apos;une géométrie, comme $geometry.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>No map of the project is of “{phrase}”. Ask for it first.</source>
        <translation>Aucune carte du projet ne montre « {phrase} ». Demandez-la d&apos;abord.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>The geometry is too large for sar_score; use Zonal statistics.</source>
        <translation>La géométrie est trop grande pour sar_score ; utilisez Statistiques de zone.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>sar_score takes points and polygons.</source>
        <translation>sar_score prend des points et des polygones.</translation>
    </message>
    <message>
        <location filename="../layers/live.py"/>
        <location filename="../layers/objects.py"/>
        <location filename="../layers/scene.py"/>
        <source>QGIS cannot read the result {path}.</source>
        <translation>QGIS ne peut pas lire le résultat {path}.</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Number</source>
        <translation>Numéro</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>What it is</source>
        <translation>Nature</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Length (m)</source>
        <translation>Longueur (m)</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Score: above the water (dB)</source>
        <translation>Score : au-dessus de l&apos;eau (dB)</translation>
    </message>
    <message>
        <location filename="../layers/pair.py"/>
        <source>{file} was sent alone: no file beside it is named alike but for VV and VH.</source>
        <translation>{file} a été envoyé seul : aucun fichier voisin ne porte le même nom à VV et VH près.</translation>
    </message>
    <message>
        <location filename="../layers/pair.py"/>
        <source>Put both files into one folder, or merge them in QGIS: Raster › Miscellaneous › Merge, each file in a separate band.</source>
        <translation>Mettez les deux fichiers dans un même dossier, ou fusionnez-les dans QGIS : Raster › Divers › Fusion, chaque fichier dans une bande séparée.</translation>
    </message>
    <message>
        <location filename="../layers/result.py"/>
        <source>Maps of {scene}</source>
        <translation>Cartes de {scene}</translation>
    </message>
    <message>
        <location filename="../layers/result.py"/>
        <source>{file} cannot be moved beside the project: {reason}.</source>
        <translation>{file} ne peut pas être déplacé à côté du projet : {reason}.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>The layer “{layer}” lies inside {file}. Unpack it, and open the file that was in it.</source>
        <translation>La couche « {layer} » se trouve dans {file}. Décompressez-le et ouvrez le fichier qu&apos;il contient.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>The layer “{layer}” shows no file on this computer. Download it, and open that file.</source>
        <translation>La couche « {layer} » ne montre aucun fichier de cet ordinateur. Téléchargez-la et ouvrez ce fichier.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>QGIS cannot read {file} as a raster. Open a GeoTIFF, or its folder with “Open a folder…”.</source>
        <translation>QGIS ne peut pas lire {file} comme raster. Ouvrez un GeoTIFF, ou son dossier avec « Ouvrir un dossier… ».</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>“{name}” lies on this computer; a backend elsewhere can be sent GeoTIFFs of radar only.</source>
        <translation>« {name} » se trouve sur cet ordinateur ; un backend distant ne peut recevoir que des GeoTIFF radar.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>Open a GeoTIFF with VV and VH, or one of a pair, or use a backend on this computer.</source>
        <translation>Ouvrez un GeoTIFF avec VV et VH, ou l&apos;un d&apos;une paire, ou utilisez un backend sur cet ordinateur.</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>least alike</source>
        <translation>le moins ressemblant</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>most alike</source>
        <translation>le plus ressemblant</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>or fewer</source>
        <translation>ou moins</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>of words fit worse</source>
        <translation>des mots conviennent moins</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>nothing like that</source>
        <translation>rien de tel</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>{value} 0 % of the cells fit worse</source>
        <translation>{value} 0 % des cellules conviennent moins</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>{value} 100 % of them do</source>
        <translation>{value} 100 % d&apos;entre elles</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>; shown from {threshold} ({share} %)</source>
        <translation> ; visible à partir de {threshold} ({share} %)</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>off: the map waits for Enter</source>
        <translation>désactivé : la carte attend Entrée</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>follows the typing where all is encoded</source>
        <translation>suit la saisie là où tout est encodé</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>asking…</source>
        <translation>requête en cours…</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>answered in {seconds} s; Enter keeps it</source>
        <translation>réponse en {seconds} s ; Entrée la conserve</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>the map follows the typing</source>
        <translation>la carte suit la saisie</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>{phrase} (live)</source>
        <translation>{phrase} (en direct)</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <source>The project has no polygon layer.</source>
        <translation>Le projet n&apos;a pas de couche de polygones.</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <source>{layer} has {count} polygons; at most {most} can be an area. Select some of them.</source>
        <translation>{layer} a {count} polygones ; une zone peut en avoir {most} au plus. Sélectionnez-en quelques-uns.</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>{layer} has no polygons.</source>
        <translation>{layer} n&apos;a pas de polygones.</translation>
    </message>
    <message>
        <location filename="../phrase_book.py"/>
        <source>asked before</source>
        <translation>déjà demandé</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Chance that a wanted cell outscores another</source>
        <translation>Probabilité qu&apos;une cellule voulue dépasse une autre</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Its lower bound</source>
        <translation>Sa borne inférieure</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Its upper bound</source>
        <translation>Sa borne supérieure</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Best threshold</source>
        <translation>Meilleur seuil</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Precision above it</source>
        <translation>Précision au-dessus</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Recall above it</source>
        <translation>Rappel au-dessus</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Labelled cells</source>
        <translation>Cellules étiquetées</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Accuracy of a map</source>
        <translation>Exactitude d&apos;une carte</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Measures how well a map that “Ask a scene for phrases” has made tells what is wanted from what is not, by a layer of labelled polygons or points: AUC with an interval of 95 % confidence that knows which labels lie together, and precision and recall at the best threshold. The backend has to run on this computer.</source>
        <translation>Mesure à quel point une carte produite par « Interroger une scène par termes » distingue ce qui est voulu du reste, d&apos;après une couche de polygones ou de points étiquetés : AUC avec un intervalle de confiance à 95 % qui sait quelles étiquettes vont ensemble, ainsi que précision et rappel au meilleur seuil. Le backend doit tourner sur cet ordinateur.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <location filename="../processing/bestplaces.py"/>
        <source>Phrase (band)</source>
        <translation>Terme (bande)</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Labels</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Field of the class</source>
        <translation>Champ de la classe</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Classes that the phrase means, by commas</source>
        <translation>Classes que le terme désigne, séparées par des virgules</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Classes to leave out</source>
        <translation>Classes à exclure</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>There is no class that the phrase means. Give one or more of the field {field}.</source>
        <translation>Aucune classe désignée par le terme. Indiquez-en une ou plusieurs du champ {field}.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>The map lies on this computer, and the backend elsewhere. Use a backend here.</source>
        <translation>La carte est sur cet ordinateur et le backend ailleurs. Utilisez un backend local.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{layer} has no field {field}. Choose one of: {names}.</source>
        <translation>{layer} n&apos;a pas de champ {field}. Choisissez parmi : {names}.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{layer} has no polygons or points. Draw some, and name their class.</source>
        <translation>{layer} n&apos;a ni polygones ni points. Tracez-en et nommez leur classe.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>AUC {auc} of {labels} labelled cells in {places} places; precision {precision}, recall {recall} above {threshold}.</source>
        <translation>AUC {auc} sur {labels} cellules étiquetées en {places} lieux ; précision {precision}, rappel {recall} au-dessus de {threshold}.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>unknown</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{value} ({low} to {high})</source>
        <translation>{value} ({low} à {high})</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Linear power</source>
        <translation>Puissance linéaire</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Amplitude</source>
        <translation>Amplitude</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Digital numbers</source>
        <translation>Comptes numériques</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Area (polygons)</source>
        <translation>Zone (polygones)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>or area (extent)</source>
        <translation>ou zone (emprise)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Phrases, one a line</source>
        <translation>Termes, un par ligne</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Head</source>
        <translation>Tête</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Words by (a tower or model of the backend)</source>
        <translation>Mots de (une tour ou un modèle du backend)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>What the tower or model wrote, which may be wrong</source>
        <translation>Ce que la tour ou le modèle a écrit, qui peut être faux</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>There is no phrase. Give one, such as open water.</source>
        <translation>Il n&apos;y a pas de terme. Indiquez-en un, comme open water.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>“{place}” cannot be read as a place. Give longitude and latitude, such as 11.5755,48.1372.</source>
        <translation>« {place} » n&apos;est pas un lieu. Donnez longitude et latitude, par exemple 11.5755,48.1372.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>No encoder that has a head reads {scene}. “Backend status” lists those that can be used; give a scene for one of them, or train a head.</source>
        <translation>Aucun encodeur doté d&apos;une tête ne lit {scene}. « État du backend » liste ceux qui sont disponibles ; fournissez une scène pour l&apos;un d&apos;eux, ou entraînez une tête.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>The encoder {encoder} cannot be used with {scene}. Choose one of: {names}.</source>
        <translation>L&apos;encodeur {encoder} ne peut pas être utilisé avec {scene}. Choisissez parmi : {names}.</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Answer a question about a scene</source>
        <translation>Répondre à une question sur une scène</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Answers a question about a Sentinel-1 scene, or about an area of it, from what was measured there, such as “Is there a harbour?”, “How many ships are there?”, “Where is the water?” or “How much of the area is water?”. Of a closed question the first word answers: Yes, No, a number, a side. What was not measured is answered with “Unknown” and the reason, and ANSWERED is false; nothing is guessed. CERTAINTY, from 0 to 1, is empty where it is not known. The optional layer has a polygon where what the answer rests on lies. A tower or model that is named under “Words by” answers beside it: WRITTEN, and rows of its own in the layer, whose column “by” names it. Its answers may be wrong.</source>
        <translation>Répond à une question sur une scène Sentinel-1, ou sur une zone de celle-ci, d&apos;après ce qui y a été mesuré, comme « Is there a harbour? », « How many ships are there? », « Where is the water? » ou « How much of the area is water? ». À une question fermée, le premier mot répond : Yes, No, un nombre, un côté. Ce qui n&apos;a pas été mesuré reçoit « Unknown » et la raison, et ANSWERED est faux ; rien n&apos;est deviné. CERTAINTY, de 0 à 1, est vide là où elle n&apos;est pas connue. La couche facultative a un polygone là où se trouve ce sur quoi repose la réponse. Une tour ou un modèle nommé sous « Mots de » répond à côté : WRITTEN, et des lignes à part dans la couche, dont la colonne « by » le nomme. Ses réponses peuvent être fausses.</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Question</source>
        <translation>Question</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>What the answer rests on</source>
        <translation>Ce sur quoi repose la réponse</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The answer</source>
        <translation>La réponse</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The kind of the question</source>
        <translation>Le type de la question</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Whether there is an answer</source>
        <translation>S&apos;il y a une réponse</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>How sure it is, from 0 to 1</source>
        <translation>Sa certitude, de 0 à 1</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>There is no question. Give one, such as Is there water?</source>
        <translation>Il n&apos;y a pas de question. Posez-en une, comme Is there water?</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The backend has not answered. Update it, and try again.</source>
        <translation>Le backend n&apos;a pas répondu. Mettez-le à jour et réessayez.</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Best places of a map</source>
        <translation>Meilleurs endroits d&apos;une carte</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Takes a map that “Ask a scene for phrases” has made, and writes the places that fit one of its phrases best as points: rank, score (the cosine), phrase and map. No two are closer than the distance, so that one lake does not take all places.</source>
        <translation>Prend une carte produite par « Interroger une scène par termes » et écrit les endroits qui conviennent le mieux à l&apos;un de ses termes, comme points : rang, score (le cosinus), terme et carte. Il n&apos;y en a pas deux plus proches que la distance, afin qu&apos;un même lac ne prenne pas toutes les places.</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>How many</source>
        <translation>Combien</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Least distance</source>
        <translation>Distance minimale</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>How many were found</source>
        <translation>Combien ont été trouvés</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Compare two dates</source>
        <translation>Comparer deux dates</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Asks two Sentinel-1 scenes of one place for the same phrases, and writes how much better the later one fits, as a GeoTIFF with one band a phrase: the cosine afterwards minus the cosine before, from -2 to 2. Only cells that both scenes have are written. Scenes of the same orbit and product type compare best: what differs between orbits is not a change.</source>
        <translation>Interroge deux scènes Sentinel-1 d&apos;un même lieu sur les mêmes termes et écrit de combien la plus récente convient mieux, en GeoTIFF avec une bande par terme : le cosinus après moins le cosinus avant, de -2 à 2. Seules les cellules présentes dans les deux scènes sont écrites. Les scènes de même orbite et de même type de produit se comparent le mieux : ce qui diffère entre orbites n&apos;est pas un changement.</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Scene before</source>
        <translation>Scène avant</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Scene after</source>
        <translation>Scène après</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Change</source>
        <translation>Changement</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Cells that were compared</source>
        <translation>Cellules comparées</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>The maps of the two scenes have different grids: the scenes lie in two UTM zones. Give scenes of one orbit, or an area inside one zone.</source>
        <translation>Les cartes des deux scènes ont des grilles différentes : les scènes sont dans deux zones UTM. Fournissez des scènes d&apos;une même orbite, ou une zone située dans un seul fuseau.</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>The two scenes have no place in common. Give two scenes of one place.</source>
        <translation>Les deux scènes n&apos;ont aucun lieu en commun. Fournissez deux scènes d&apos;un même lieu.</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Count ships</source>
        <translation>Compter les navires</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Counts the bright objects on water of a Sentinel-1 scene, or of an area of it, and writes each as a box: its number, its length in metres (good to about 20 m), and its score, by how many dB its brightest pixel exceeds the water around. Whether they are ships, buoys, platforms or rocks, the measurement does not tell. What was not measured, such as houses, is not counted: that is an error, which says why. A tower or model that is named under “Words by” answers beside it: WRITTEN, which may be wrong; it draws no boxes.</source>
        <translation>Compte les objets brillants sur l&apos;eau d&apos;une scène Sentinel-1, ou d&apos;une zone de celle-ci, et écrit chacun comme rectangle : son numéro, sa longueur en mètres (à environ 20 m près) et son score, soit de combien de dB son pixel le plus brillant dépasse l&apos;eau alentour. S&apos;il s&apos;agit de navires, de bouées, de plates-formes ou de rochers, la mesure ne le dit pas. Ce qui n&apos;a pas été mesuré, comme des maisons, n&apos;est pas compté : c&apos;est une erreur, qui dit pourquoi. Une tour ou un modèle nommé sous « Mots de » répond à côté : WRITTEN, qui peut être faux ; il ne dessine pas de rectangles.</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>What to count</source>
        <translation>Ce qu&apos;il faut compter</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Objects</source>
        <translation>Objets</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>How many there are</source>
        <translation>Combien il y en a</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>The same in words</source>
        <translation>La même chose en mots</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Describe a scene in words</source>
        <translation>Décrire une scène en mots</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Says in a few sentences what was measured of a Sentinel-1 scene, or of an area of it: how large it is, its date, the share of water and of built-up land and where they are, and bright objects on water. Nothing is guessed. The optional layer has a polygon for each sentence, where what it speaks of lies; a sentence about the whole area has none. A tower or model that is named under “Words by” writes beside it: WRITTEN, and rows of its own in the layer, whose column “by” names it. What it writes may be wrong.</source>
        <translation>Dit en quelques phrases ce qui a été mesuré d&apos;une scène Sentinel-1, ou d&apos;une zone de celle-ci : sa taille, sa date, la part d&apos;eau et de bâti et leur emplacement, et les objets brillants sur l&apos;eau. Rien n&apos;est deviné. La couche facultative a pour chaque phrase un polygone là où se trouve ce dont elle parle ; une phrase sur toute la zone n&apos;en a pas. Une tour ou un modèle nommé sous « Mots de » écrit à côté : WRITTEN, et des lignes à part dans la couche, dont la colonne « by » le nomme. Ce qu&apos;il écrit peut être faux.</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Sentences with their places</source>
        <translation>Phrases avec leurs lieux</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>The description</source>
        <translation>La description</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>How many sentences it has</source>
        <translation>Combien de phrases elle a</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Encode a scene</source>
        <translation>Encoder une scène</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Encodes a Sentinel-1 scene, or an area of it, and keeps it in the backend&apos;s store: every later phrase over it is answered at once. What is encoded already is not encoded again; what was encoded before a cancel is kept. The output is the scene itself, so that a model can go on with it.</source>
        <translation>Encode une scène Sentinel-1, ou une zone de celle-ci, et la conserve dans le stockage du backend : tout terme ultérieur y reçoit une réponse immédiate. Ce qui est déjà encodé ne l&apos;est pas de nouveau ; ce qui l&apos;a été avant une annulation est conservé. La sortie est la scène elle-même, pour qu&apos;un modèle puisse continuer avec elle.</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>The scene</source>
        <translation>La scène</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Size of the area in km²</source>
        <translation>Taille de la zone en km²</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Windows that were encoded</source>
        <translation>Fenêtres encodées</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Like the cells at (longitude,latitude in degrees, one a line)</source>
        <translation>Comme les cellules à (longitude,latitude en degrés, une par ligne)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Unlike the cells at (longitude,latitude in degrees, one a line)</source>
        <translation>Pas comme les cellules à (longitude,latitude en degrés, une par ligne)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Ask a scene for phrases</source>
        <translation>Interroger une scène par termes</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Writes how well every cell of a Sentinel-1 scene fits each phrase, as a GeoTIFF with one band a phrase. A value is the cosine between the cell and the phrase: it compares places, it is not a probability. With “but not” it is that cosine less the other, or less the mean of several. Cells of the scene can be examples, for and against, beside phrases or alone. What was asked, of what and with what stands in the file&apos;s tags. Without an area the whole scene is asked. What is encoded once answers later phrases at once.</source>
        <translation>Écrit à quel point chaque cellule d&apos;une scène Sentinel-1 convient à chaque terme, en GeoTIFF avec une bande par terme. Une valeur est le cosinus entre la cellule et le terme : elle compare des lieux, ce n&apos;est pas une probabilité. Avec « Mais pas », c&apos;est ce cosinus moins l&apos;autre, ou moins la moyenne de plusieurs. Des cellules de la scène peuvent servir d&apos;exemples, pour et contre, à côté des termes ou seules. Ce qui a été demandé, sur quoi et avec quoi, figure dans les étiquettes du fichier. Sans zone, toute la scène est interrogée. Ce qui est encodé une fois répond aussitôt aux termes suivants.</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>But not (subtracted from each phrase)</source>
        <translation>Mais pas (soustrait de chaque terme)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Size of the map in km²</source>
        <translation>Taille de la carte en km²</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Largest cosine with the first phrase</source>
        <translation>Plus grand cosinus avec le premier terme</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} cannot be read as a raster. Give a GeoTIFF.</source>
        <translation>{file} ne peut pas être lu comme raster. Fournissez un GeoTIFF.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has {width} × {height} cells; at most {most} fit the memory. Clip it first.</source>
        <translation>{file} a {width} × {height} cellules ; la mémoire en admet {most} au plus. Découpez-le d&apos;abord.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has no band {band}. Choose one of 1 to {last}.</source>
        <translation>{file} n&apos;a pas de bande {band}. Choisissez-en une de 1 à {last}.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has no square cells with north up. Give a map that GLUE-Link has made, or warp it first: Raster › Projections › Warp.</source>
        <translation>{file} n&apos;a pas de cellules carrées orientées au nord. Fournissez une carte produite par GLUE-Link, ou reprojetez d&apos;abord : Raster › Projections › Projection (warp).</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} cannot be written. Choose another folder.</source>
        <translation>{file} ne peut pas être écrit. Choisissez un autre dossier.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Press “Set up” in the panel of GLUE-Link, then try again.</source>
        <translation>Cliquez sur « Installer » dans le panneau de GLUE-Link, puis réessayez.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Run this in a terminal, then try again: {command}</source>
        <translation>Exécutez ceci dans un terminal, puis réessayez : {command}</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <location filename="../session.py"/>
        <source>The backend is not installed.</source>
        <translation>Le backend n&apos;est pas installé.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Starting the backend…</source>
        <translation>Démarrage du backend…</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Sending {file}…</source>
        <translation>Envoi de {file}…</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <location filename="../session.py"/>
        <source>Cancelled.</source>
        <translation>Annulé.</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Backend status</source>
        <translation>État du backend</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Finds the backend that the panel uses, or starts one, and says its version, the device that it computes on, and the encoders, heads and describers that can be used.</source>
        <translation>Trouve le backend que le panneau utilise, ou en démarre un, et indique sa version, l&apos;appareil sur lequel il calcule, ainsi que les encodeurs, têtes et descripteurs disponibles.</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Device</source>
        <translation>Appareil</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Encoders</source>
        <translation>Encodeurs</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Describers</source>
        <translation>Descripteurs</translation>
    </message>
    <message>
        <location filename="../scene_session.py"/>
        <source>{file} cannot be read: {reason}.</source>
        <translation>{file} ne peut pas être lu : {reason}.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Start it and try again.</source>
        <translation>Démarrez-le et réessayez.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Run the two commands at the top of this panel in a terminal, then look again.</source>
        <translation>Exécutez dans un terminal les deux commandes en haut de ce panneau, puis revérifiez.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Press “Set up” at the top of this panel.</source>
        <translation>Cliquez sur « Installer » en haut de ce panneau.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>No backend is connected.</source>
        <translation>Aucun backend n&apos;est connecté.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Connect, and try again.</source>
        <translation>Connectez-vous et réessayez.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Choose a layer, open a file, or search a catalogue.</source>
        <translation>Choisissez une couche, ouvrez un fichier ou recherchez dans un catalogue.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>“{run}” was stopped.</source>
        <translation>« {run} » a été arrêté.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>The run of “{run}” ended with it.</source>
        <translation>L&apos;exécution de « {run} » s&apos;est arrêtée avec lui.</translation>
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
        <translation>{part} sur {whole} Mo</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{file} cannot be written: {reason}.</source>
        <translation>{file} ne peut pas être écrit : {reason}.</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{first} and {last}</source>
        <translation>{first} et {last}</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What the values of the file are; detected when left out.</source>
        <translation>Ce que sont les valeurs du fichier ; détecté si rien n&apos;est indiqué.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>linear power</source>
        <translation>puissance linéaire</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>amplitude</source>
        <translation>amplitude</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>digital numbers</source>
        <translation>comptes numériques</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Scale</source>
        <translation>Échelle</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What stored values are multiplied with to have the units; the file&apos;s own if left out.</source>
        <translation>Ce par quoi les valeurs stockées sont multipliées pour avoir les unités ; sinon celui du fichier.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Offset</source>
        <translation>Décalage</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What is added to stored values after the scale; the file&apos;s own if left out.</source>
        <translation>Ce qui est ajouté aux valeurs stockées après l&apos;échelle ; sinon celui du fichier.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>DN offset in dB</source>
        <translation>Décalage DN en dB</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>For digital numbers: dB = 20 log10(DN) + this.</source>
        <translation>Pour les comptes numériques : dB = 20 log10(DN) + ceci.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Date</source>
        <translation>Date</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>The day of the acquisition, year-month-day; of an embedding, the year.</source>
        <translation>Le jour de l&apos;acquisition, année-mois-jour ; pour un embedding, l&apos;année.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Product type</source>
        <translation>Type de produit</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What the scene is, if neither its name nor its tags say so.</source>
        <translation>Ce qu&apos;est la scène, si ni son nom ni ses étiquettes ne le disent.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Noise floor in dB</source>
        <translation>Plancher de bruit en dB</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Treat pixels below this in both bands as no data; -40 if left out.</source>
        <translation>Les pixels en dessous dans les deux bandes sont traités comme sans donnée ; -40 par défaut.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Speckle filter</source>
        <translation>Filtre de chatoiement</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Filter speckle first.</source>
        <translation>Filtrer d&apos;abord le chatoiement.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>refined Lee</source>
        <translation>Lee raffiné</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Band numbers</source>
        <translation>Numéros de bande</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Number of the band, from 1, in a file that does not name its bands.</source>
        <translation>Numéro de la bande, à partir de 1, dans un fichier qui ne nomme pas ses bandes.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Other dates</source>
        <translation>Autres dates</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Another date of the same place: its file, or its day in a file that holds several. Most encoders take the mean of their power; some take each date by itself.</source>
        <translation>Une autre date du même lieu : son fichier, ou son jour dans un fichier qui en contient plusieurs. La plupart des encodeurs prennent la moyenne de leur puissance ; certains prennent chaque date séparément.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Tiles of an index</source>
        <translation>Tuiles d&apos;un index</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Folder or address of the tiles that an index lists; beside it when left out.</source>
        <translation>Dossier ou adresse des tuiles qu&apos;un index énumère ; sinon à côté de lui.</translation>
    </message>
</context>
</TS>
