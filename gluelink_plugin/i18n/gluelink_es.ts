<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es">
<context>
    <name>gluelink</name>
    <message>
        <location filename="../backend_words.py"/>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Starting</source>
        <translation>Iniciando</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Encoding windows</source>
        <translation>Codificando ventanas</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Encoding blocks</source>
        <translation>Codificando bloques</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Checking blocks</source>
        <translation>Comprobando bloques</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Checking pixels</source>
        <translation>Comprobando píxeles</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Reading the phrases</source>
        <translation>Leyendo las frases</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Writing the map</source>
        <translation>Escribiendo el mapa</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Fetching imagery</source>
        <translation>Obteniendo imágenes</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Waiting for another fetch of this scene</source>
        <translation>En espera de otra descarga de esta escena</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Measuring</source>
        <translation>Midiendo</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Writing</source>
        <translation>Escribiendo</translation>
    </message>
    <message>
        <location filename="../backend_words.py"/>
        <source>Loading {model}</source>
        <translation>Cargando {model}</translation>
    </message>
    <message>
        <location filename="../client/backend.py"/>
        <source>Start it again, or read its log.</source>
        <translation>Reinícielo o lea su registro.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>an answer that is not in its protocol</source>
        <translation>una respuesta que no pertenece a su protocolo</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The proxy between QGIS and the backend at {host} does not answer.</source>
        <translation>El proxy entre QGIS y el backend en {host} no responde.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Exclude {host} from the proxy in Settings › Options › Network.</source>
        <translation>Excluya {host} del proxy en Configuración › Opciones › Red.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>No computer of the name {name} can be found.</source>
        <translation>No se encuentra ningún equipo llamado {name}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Check the name in the settings, and the network.</source>
        <translation>Compruebe el nombre en la configuración y la red.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The backend does not answer at {host}.</source>
        <translation>El backend no responde en {host}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>status {status}</source>
        <translation>estado {status}</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Something other than GLUE-Link answers at {host}: {what}.</source>
        <translation>En {host} responde algo distinto de GLUE-Link: {what}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>If it is a proxy, exclude {host} from it in Settings › Options › Network.</source>
        <translation>Si es un proxy, excluya {host} en Configuración › Opciones › Red.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>The result cannot be written to {path}: {reason}.</source>
        <translation>El resultado no se puede escribir en {path}: {reason}.</translation>
    </message>
    <message>
        <location filename="../client/call.py"/>
        <source>Free some space, or save the project in another folder.</source>
        <translation>Libere espacio o guarde el proyecto en otra carpeta.</translation>
    </message>
    <message>
        <location filename="../client/job.py"/>
        <source>The backend does not answer; asking again</source>
        <translation>El backend no responde; se vuelve a preguntar</translation>
    </message>
    <message>
        <location filename="../client/job.py"/>
        <source>The job failed without a reason.</source>
        <translation>La tarea falló sin indicar el motivo.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend could not be started: {reason}.</source>
        <translation>No se pudo iniciar el backend: {reason}.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend was killed or crashed.</source>
        <translation>El backend fue detenido o falló.</translation>
    </message>
    <message>
        <location filename="../client/process.py"/>
        <source>The backend ended by itself with exit code {code}</source>
        <translation>El backend terminó por sí solo con el código {code}</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Python is there</source>
        <translation>Python está disponible</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The environment is made</source>
        <translation>El entorno está creado</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The packages are installed</source>
        <translation>Los paquetes están instalados</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The backend can start</source>
        <translation>El backend puede iniciarse</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>By the settings {python} runs the backend, which is not in its folder.</source>
        <translation>Según la configuración, {python} ejecuta el backend, pero no está en su carpeta.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Empty the field Python in the settings, and press “Set up” again.</source>
        <translation>Vacíe el campo Python en la configuración y pulse de nuevo «Instalar».</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>There is no Python 3.11, 3.12 or 3.13 with its venv module on this computer.</source>
        <translation>En este equipo no hay ningún Python 3.11, 3.12 o 3.13 con su módulo venv.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Install one (from python.org; on Debian and Ubuntu the package python3-venv), and press “Set up” again.</source>
        <translation>Instale uno (de python.org; en Debian y Ubuntu, el paquete python3-venv) y pulse de nuevo «Instalar».</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Looking for Python…</source>
        <translation>Buscando Python…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} is an environment that no set-up has made, and is left alone.</source>
        <translation>{folder} es un entorno que no se instaló desde aquí; no se modifica.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Choose another folder in the settings, and press “Set up” again.</source>
        <translation>Elija otra carpeta en la configuración y pulse de nuevo «Instalar».</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} cannot be made: {reason}.</source>
        <translation>No se puede crear {folder}: {reason}.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>{folder} has {free} GB free; about {needed} GB are needed.</source>
        <translation>{folder} tiene {free} GB libres; se necesitan unos {needed} GB.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Make room, or choose another folder in the settings.</source>
        <translation>Libere espacio o elija otra carpeta en la configuración.</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Making the environment…</source>
        <translation>Creando el entorno…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The environment could not be made</source>
        <translation>No se pudo crear el entorno</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Installing packages…</source>
        <translation>Instalando paquetes…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The packages could not be installed</source>
        <translation>No se pudieron instalar los paquetes</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>Trying the backend…</source>
        <translation>Probando el backend…</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>The backend was installed and cannot start</source>
        <translation>El backend se instaló, pero no puede iniciarse</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>it wrote nothing</source>
        <translation>sin salida</translation>
    </message>
    <message>
        <location filename="../client/setup.py"/>
        <source>See the log, and press “Set up” again.</source>
        <translation>Consulte el registro y pulse de nuevo «Instalar».</translation>
    </message>
    <message>
        <location filename="../client/upload.py"/>
        <source>{file} was sent as far as {share}.</source>
        <translation>{file} se envió hasta {share}.</translation>
    </message>
    <message>
        <location filename="../client/upload.py"/>
        <source>it has changed while it was sent</source>
        <translation>ha cambiado durante el envío</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} is not on the backend&apos;s computer. This was measured alone.</source>
        <translation>{model} no está en el equipo del backend. Esto solo se midió.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} writes no descriptions. This was measured alone.</source>
        <translation>{model} no escribe descripciones. Esto solo se midió.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>{model} answers no questions. This was measured alone.</source>
        <translation>{model} no responde preguntas. Esto solo se midió.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>This was asked with the describer {name}, which cannot be used now.</source>
        <translation>Esto se consultó con el descriptor {name}, que ahora no está disponible.</translation>
    </message>
    <message>
        <location filename="../describers.py"/>
        <source>Choose another one under “Words by”, and press “Describe this area”.</source>
        <translation>Elija otro en «Palabras de» y pulse «Describir esta área».</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>What an area takes stands here once there is a scene: km², windows and time.</source>
        <translation>Lo que cuesta un área aparece aquí en cuanto hay una escena: km², ventanas y tiempo.</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Working out size and time…</source>
        <translation>Calculando tamaño y tiempo…</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Box</source>
        <translation>Rectángulo</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Drag a box on the map</source>
        <translation>Arrastrar un rectángulo en el mapa</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Polygon</source>
        <translation>Polígono</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Click a polygon on the map; the right button or Enter closes it</source>
        <translation>Trazar un polígono en el mapa con clics; el botón derecho o Intro lo cierra</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>View</source>
        <translation>Vista</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>What the map shows, also after it was moved</source>
        <translation>Lo que muestra el mapa, también tras moverlo</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Layer</source>
        <translation>Capa</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The polygons of a layer, or those selected</source>
        <translation>Los polígonos de una capa, o los seleccionados</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <location filename="../dock/scene.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Scene</source>
        <translation>Escena</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The whole scene</source>
        <translation>Toda la escena</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>Area</source>
        <translation>Área</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>The scene&apos;s footprint cannot be shown in the CRS of the map.</source>
        <translation>La huella de la escena no se puede mostrar en el SRC del mapa.</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>encoded already: answers at once</source>
        <translation>ya codificada: responde al instante</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>encoded already: answers as soon as the models are loaded</source>
        <translation>ya codificada: responde en cuanto se carguen los modelos</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/area.py"/>
        <source>%n windows</source>
        <translation>
            <numerusform>%n ventana</numerusform>
            <numerusform>%n ventanas</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>time unknown before the first run</source>
        <translation>tiempo desconocido antes de la primera ejecución</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>about {time}</source>
        <translation>unos {time}</translation>
    </message>
    <message>
        <location filename="../dock/area.py"/>
        <source>{share} is encoded already</source>
        <translation>{share} ya está codificado</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Encoders and heads are listed once the backend has started.</source>
        <translation>Los codificadores y cabezales aparecen en cuanto el backend ha arrancado.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Ask</source>
        <translation>Consultar</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Live</source>
        <translation>En &amp;vivo</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Let the map follow the typing</source>
        <translation>El mapa sigue lo que se escribe</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>As &amp;rank among words</source>
        <translation>Como &amp;rango entre palabras</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>As this was asked before; without it, the map is one of cosines</source>
        <translation>Como se preguntó antes; sin la marca, el mapa es de cosenos</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Ask</source>
        <translation>&amp;Consultar</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Enter in the line does the same</source>
        <translation>Intro en la línea hace lo mismo</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Encoder</source>
        <translation>Co&amp;dificador</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>&amp;Head</source>
        <translation>Ca&amp;bezal</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>none fits</source>
        <translation>ninguno</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>{encoder}: {reads}; {dim} features per cell of {side} m; windows of {window} px</source>
        <translation>{encoder}: {reads}; {dim} características por celda de {side} m; ventanas de {window} px</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <location filename="../dock/describers.py"/>
        <source>Licence: {licence}</source>
        <translation>Licencia: {licence}</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/ask.py"/>
        <source>%n encoders lack weights…</source>
        <translation>
            <numerusform>%n codificador sin pesos…</numerusform>
            <numerusform>%n codificadores sin pesos…</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>{encoder} cannot be used here.</source>
        <translation>{encoder} no se puede usar aquí.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>The weights of {encoder}{size} are not on the backend&apos;s computer. Run this there in a terminal, and start the backend anew:</source>
        <translation>Los pesos de {encoder}{size} no están en el equipo del backend. Ejecute allí esto en un terminal y reinicie el backend:</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Its weights are not on the backend&apos;s computer.</source>
        <translation>Sus pesos no están en el equipo del backend.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>No head fits it.</source>
        <translation>Ningún cabezal le sirve.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>It reads {reads}; the scene is {scene}.</source>
        <translation>Lee {reads}; la escena es {scene}.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>It takes {least} dates or more; the scene has {dates}. State others of the place as “Other dates”, under “More”.</source>
        <translation>Necesita {least} fechas o más; la escena tiene {dates}. Indique otras del lugar en «Otras fechas», bajo «Más».</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>“{question}” is a question, which is asked alone.</source>
        <translation>«{question}» es una pregunta, que se hace sola.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Remove the other phrases, or this one.</source>
        <translation>Quite las demás frases, o esta.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>This was asked with the encoder {encoder}, which cannot be used now.</source>
        <translation>Esto se consultó con el codificador {encoder}, que ahora no está disponible.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>This was asked with the encoder {encoder} and the head {head}, which cannot be used now.</source>
        <translation>Esto se consultó con el codificador {encoder} y el cabezal {head}, que ahora no están disponibles.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Choose another pair under Encoder and Head, and press Ask.</source>
        <translation>Elija otro par en Codificador y Cabezal y pulse Consultar.</translation>
    </message>
    <message>
        <location filename="../dock/ask.py"/>
        <source>Text space: {space} ({dim}-d)</source>
        <translation>Espacio de texto: {space} ({dim}-d)</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Time (UTC)</source>
        <translation>Hora (UTC)</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Orbit</source>
        <translation>Órbita</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Track</source>
        <translation>Traza</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Bands</source>
        <translation>Bandas</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Type</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Covers, %</source>
        <translation>Cubre, %</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>any</source>
        <translation>cualquiera</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>ascending</source>
        <translation>ascendente</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>descending</source>
        <translation>descendente</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Searches the panel&apos;s area; where there is none, what the map shows.</source>
        <translation>Busca en el área del panel; si no hay ninguna, en lo que muestra el mapa.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Search a catalogue</source>
        <translation>Buscar en un catálogo</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Search</source>
        <translation>&amp;Buscar</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Fetch</source>
        <translation>&amp;Obtener</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Orbit</source>
        <translation>Ór&amp;bita</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>to</source>
        <translation>a</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Close</source>
        <translation>&amp;Cerrar</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>C&amp;atalogue</source>
        <translation>C&amp;atálogo</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>F&amp;rom</source>
        <translation>&amp;Desde</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Newest scene: {day}.</source>
        <translation>Escena más reciente: {day}.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>A search sends area and dates to {host}.</source>
        <translation>Una búsqueda envía el área y las fechas a {host}.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>&amp;Stop</source>
        <translation>&amp;Detener</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <location filename="../session.py"/>
        <source>The backend is not running.</source>
        <translation>El backend no está en marcha.</translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>Searching…</source>
        <translation>Buscando…</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/catalogue.py"/>
        <source>%n scenes.</source>
        <translation>
            <numerusform>%n escena.</numerusform>
            <numerusform>%n escenas.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/catalogue.py"/>
        <source>It cannot be fetched: {reason}.</source>
        <translation>No se puede obtener: {reason}.</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>Change of {phrase}</source>
        <translation>Cambio de {phrase}</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>change of {phrase} · {earlier} to {later}</source>
        <translation>cambio de {phrase} · {earlier} a {later}</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>{value} fits less</source>
        <translation>{value} se ajusta menos</translation>
    </message>
    <message>
        <location filename="../dock/change.py"/>
        <source>{value} fits better</source>
        <translation>{value} se ajusta mejor</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>Compare two maps</source>
        <translation>Comparar dos mapas</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>&amp;One scale of colours</source>
        <translation>&amp;Una sola escala de colores</translation>
    </message>
    <message>
        <location filename="../dock/compare.py"/>
        <source>For one phrase: the cosines of two phrases do not compare</source>
        <translation>Para una sola frase: los cosenos de dos frases no se comparan</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>A few sentences about the area. Or ask above: end a line in “?”, such as “Is there water?”, or write “count ships”.</source>
        <translation>Unas oraciones sobre el área. O pregunte arriba: termine la línea en «?», como «Is there water?», o escriba «count ships».</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Press a sentence to light up its places; Enter goes there.</source>
        <translation>Pulse una oración para iluminar sus lugares; Intro lleva allí.</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>In words</source>
        <translation>En palabras</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>&amp;Describe this area</source>
        <translation>&amp;Describir esta área</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>What was measured there, in a few sentences</source>
        <translation>Lo que se midió allí, en unas oraciones</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Objects as a &amp;layer</source>
        <translation>Objetos como &amp;capa</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Boxes of the bright objects, with length and score, kept as a file</source>
        <translation>Rectángulos de los objetos brillantes, con longitud y puntuación, guardados en un archivo</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <location filename="../jobs/describe.py"/>
        <source>{model} wrote, and may be wrong:</source>
        <translation>{model} escribió, y puede equivocarse:</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Answering “{question}”…</source>
        <translation>Respondiendo «{question}»…</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>Describing the area…</source>
        <translation>Describiendo el área…</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>“{question}” was not answered.</source>
        <translation>«{question}» no se respondió.</translation>
    </message>
    <message>
        <location filename="../dock/describe.py"/>
        <source>The area was not described.</source>
        <translation>El área no se describió.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Words &amp;by</source>
        <translation>Palabras &amp;de</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Measurements alone</source>
        <translation>Solo mediciones</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>Nothing is guessed.</source>
        <translation>No se adivina nada.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It is not on the backend&apos;s computer.</source>
        <translation>No está en el equipo del backend.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>What it writes may be wrong; measurements stand beside it.</source>
        <translation>Lo que escribe puede ser falso; las mediciones están al lado.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It describes, and answers no questions.</source>
        <translation>Describe y no responde preguntas.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It answers questions, and does not describe.</source>
        <translation>Responde preguntas y no describe.</translation>
    </message>
    <message>
        <location filename="../dock/describers.py"/>
        <source>It looks at {side} m × {side} m at a time, 16 times at most.</source>
        <translation>Mira {side} m × {side} m cada vez, 16 veces como máximo.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press a cell of the scene; Esc ends it.</source>
        <translation>Pulse una celda de la escena; Esc lo termina.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>The scene does not reach there.</source>
        <translation>La escena no llega hasta ahí.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>The question is full: take something out of it first.</source>
        <translation>La consulta está llena: quite antes algo de ella.</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>+ Like here</source>
        <translation>+ Como aquí</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press cells that look like what you look for</source>
        <translation>Pulse celdas que se parezcan a lo que busca</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>− Not like here</source>
        <translation>− No como aquí</translation>
    </message>
    <message>
        <location filename="../dock/examples.py"/>
        <source>Press cells that look like what you do not look for</source>
        <translation>Pulse celdas que se parezcan a lo que no busca</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <location filename="../dock/setup.py"/>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Sending the scene…</source>
        <translation>Enviando la escena…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Waiting for the backend to check the scene…</source>
        <translation>Esperando a que el backend compruebe la escena…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Cancelling…</source>
        <translation>Cancelando…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>Sending the request…</source>
        <translation>Enviando la solicitud…</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>{done} of {total}</source>
        <translation>{done} de {total}</translation>
    </message>
    <message>
        <location filename="../dock/foot.py"/>
        <source>{time} left</source>
        <translation>quedan {time}</translation>
    </message>
    <message>
        <location filename="../dock/histogram.py"/>
        <source>Threshold</source>
        <translation>Umbral</translation>
    </message>
    <message>
        <location filename="../dock/histogram.py"/>
        <source>Press or drag to hide what is below; the arrow keys move it</source>
        <translation>Pulsar o arrastrar oculta lo que queda por debajo; las flechas mueven el umbral</translation>
    </message>
    <message>
        <location filename="../dock/layer_menu.py"/>
        <location filename="../dock/runs.py"/>
        <source>Ask again</source>
        <translation>Consultar de nuevo</translation>
    </message>
    <message>
        <location filename="../dock/layer_menu.py"/>
        <source>Copy recipe</source>
        <translation>Copiar la receta</translation>
    </message>
    <message>
        <location filename="../dock/locator.py"/>
        <location filename="../plugin.py"/>
        <source>Ask radar in words (GLUE-Link)</source>
        <translation>Consultar el radar con palabras (GLUE-Link)</translation>
    </message>
    <message>
        <location filename="../dock/locator.py"/>
        <source>Ask the radar for “{phrase}”</source>
        <translation>Buscar «{phrase}» en el radar</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>This scene</source>
        <translation>Esta escena</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>From the 2nd percentile of the map to its largest value</source>
        <translation>Del percentil 2 del mapa a su valor máximo</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>This view</source>
        <translation>Esta vista</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>The same of what the map shows now; it follows the view</source>
        <translation>Lo mismo para lo que muestra ahora el mapa; sigue la vista</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Fixed</source>
        <translation>Fijo</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Between two values, to compare maps</source>
        <translation>Entre dos valores, para comparar mapas</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Rank in the scene</source>
        <translation>Rango en la escena</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>By how many cells of the map fit worse</source>
        <translation>Según cuántas celdas del mapa se ajustan peor</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Glow</source>
        <translation>Brasa</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Blue</source>
        <translation>Azul</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Grey, opaque</source>
        <translation>Gris, opaco</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Ask a scene, or choose one of its maps in the layer tree: how it is looked at is set here.</source>
        <translation>Consulte una escena, o elija uno de sus mapas en el árbol de capas: aquí se ajusta cómo se ve.</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <location filename="../dock/places.py"/>
        <location filename="../processing/accuracy.py"/>
        <location filename="../processing/bestplaces.py"/>
        <location filename="../processing/query.py"/>
        <source>Map</source>
        <translation>Mapa</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Whole cells are counted, with those that the edge of the area only touches: all of them together are somewhat larger than the area</source>
        <translation>Se cuentan celdas enteras, también las que el borde del área solo toca: juntas son algo mayores que el área</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>All</source>
        <translation>Todo</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Hide nothing</source>
        <translation>No ocultar nada</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>S&amp;mooth</source>
        <translation>Sua&amp;vizar</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Blend the colours of cells beside each other</source>
        <translation>Mezclar los colores de las celdas vecinas</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Working out the best phrase…</source>
        <translation>Calculando la mejor frase…</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Best &amp;phrase</source>
        <translation>Mejor &amp;frase</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Show which of this map&apos;s phrases stands out the most in each cell</source>
        <translation>Mostrar cuál de las frases de este mapa destaca más en cada celda</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Rank among &amp;words</source>
        <translation>Rango entre &amp;palabras</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Ask it anew as a map of how many neutral words fit each cell worse than the phrase does: that compares between phrases and scenes, which a cosine does not</source>
        <translation>Consultar de nuevo como mapa de cuántas palabras neutras se ajustan a cada celda peor que la frase: eso se compara entre frases y escenas, un coseno no</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>One scale for its &amp;maps</source>
        <translation>Una escala para sus &amp;mapas</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Show all maps of this phrase in the project with the same colours, such as those of several dates, which the temporal controller plays</source>
        <translation>Mostrar todos los mapas de esta frase del proyecto con los mismos colores, por ejemplo los de varias fechas, que reproduce el controlador temporal</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>Gamma: larger values leave only the best cells bright</source>
        <translation>Gamma: los valores mayores dejan claras solo las mejores celdas</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>S&amp;tretch</source>
        <translation>Es&amp;tirar</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>&amp;Ramp</source>
        <translation>&amp;Rampa</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>&amp;Opacity</source>
        <translation>&amp;Opacidad</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>{share} % of the cells, {km2}</source>
        <translation>{share} % de las celdas, {km2}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>all shown: {size}</source>
        <translation>todo visible: {size}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>from {threshold}: {size}</source>
        <translation>desde {threshold}: {size}</translation>
    </message>
    <message>
        <location filename="../dock/map.py"/>
        <source>The map of the best phrase cannot be made: {reason}</source>
        <translation>No se puede crear el mapa de la mejor frase: {reason}</translation>
    </message>
    <message>
        <location filename="../dock/message.py"/>
        <source>Close this message</source>
        <translation>Cerrar este mensaje</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <location filename="../dock/runs.py"/>
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>annual embedding</source>
        <translation>embedding anual</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>Not set</source>
        <translation>No establecido</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>Automatic ({found})</source>
        <translation>Automático ({found})</translation>
    </message>
    <message>
        <location filename="../dock/options.py"/>
        <source>none found</source>
        <translation>nada encontrado</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>Another run is under way, and one runs at a time.</source>
        <translation>Hay otra ejecución en curso; solo se ejecuta una a la vez.</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>Ask again after it.</source>
        <translation>Vuelva a consultar después.</translation>
    </message>
    <message>
        <location filename="../dock/panel.py"/>
        <source>The diagnostics are on the clipboard.</source>
        <translation>El diagnóstico está en el portapapeles.</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Such as “open water”</source>
        <translation>Por ejemplo «open water»</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Another phrase</source>
        <translation>Otra frase</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Star this phrase: it is offered first when you type</source>
        <translation>Marcar esta frase con una estrella: se ofrece primero al escribir</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>+ &amp;Add</source>
        <translation>+ &amp;Añadir</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Keep this phrase and type another one (Ctrl+Enter)</source>
        <translation>Conservar esta frase y escribir otra (Ctrl+Intro)</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>− &amp;But not</source>
        <translation>− &amp;Pero no</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Type what to subtract: “ship but not pier”</source>
        <translation>Escribir lo que se resta: «ship but not pier»</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Take the star from this phrase</source>
        <translation>Quitar la estrella de esta frase</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>not {phrase}</source>
        <translation>no {phrase}</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>Press to remove it</source>
        <translation>Pulse para quitarla</translation>
    </message>
    <message>
        <location filename="../dock/phrases.py"/>
        <source>{line}, press to remove</source>
        <translation>{line}, pulse para quitar</translation>
    </message>
    <message>
        <location filename="../dock/placefinder.py"/>
        <source>Best places of {map}</source>
        <translation>Mejores lugares de {map}</translation>
    </message>
    <message>
        <location filename="../dock/placefinder.py"/>
        <location filename="../layers/file_task.py"/>
        <source>The map is too large for the memory.</source>
        <translation>El mapa es demasiado grande para la memoria.</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Ask a scene: the best places of its map are listed here.</source>
        <translation>Consulte una escena: los mejores lugares de su mapa aparecen aquí.</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <location filename="../processing/bestplaces.py"/>
        <source>Best places</source>
        <translation>Mejores lugares</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>How many places at most</source>
        <translation>Número máximo de lugares</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>From one place to the next at least</source>
        <translation>Distancia mínima de un lugar a otro</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Point layer</source>
        <translation>Capa de puntos</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Polygon layer</source>
        <translation>Capa de polígonos</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>A scratch layer: rank, score, hectares, phrase, scene, run</source>
        <translation>Una capa borrador: rango, puntuación, hectáreas, frase, escena, ejecución</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>The cells around each place that fit at least half as well</source>
        <translation>Las celdas en torno a cada lugar que se ajustan al menos la mitad</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Places</source>
        <translation>Lugares</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Looking for them…</source>
        <translation>Buscándolos…</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>score {score}</source>
        <translation>puntuación {score}</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>Press to go there</source>
        <translation>Pulse para ir allí</translation>
    </message>
    <message>
        <location filename="../dock/places.py"/>
        <source>This place cannot be shown in the CRS of the map.</source>
        <translation>Este lugar no se puede mostrar en el SRC del mapa.</translation>
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
        <translation>Pulse una celda del mapa; Esc lo termina.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>The map has no score there.</source>
        <translation>El mapa no tiene puntuación ahí.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Press a cell of the map: its score, its rank, and what the encoder saw</source>
        <translation>Pulsar una celda del mapa: su puntuación, su rango y lo que vio el codificador</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>This map changes while you type. Enter keeps it; then its cells can be probed</source>
        <translation>Este mapa cambia mientras se escribe. Intro lo conserva; entonces se pueden sondear sus celdas</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Looking for the phrases that stand out in this cell…</source>
        <translation>Buscando las frases que destacan en esta celda…</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Phrases that stand out in this cell against the area; none need be there:</source>
        <translation>Frases que destacan en esta celda frente al área; ninguna tiene por qué estar allí:</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Which phrases stand out can be said while the backend runs and has the map&apos;s scene.</source>
        <translation>Se puede decir qué frases destacan mientras el backend esté en marcha y tenga la escena del mapa.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>By how many standard deviations (σ) the cell exceeds the mean of the area, for each phrase by itself: cosines with different phrases do not compare. It tells the cell from the rest of the area, not what is there.</source>
        <translation>Cuántas desviaciones típicas (σ) supera la celda la media del área, para cada frase por separado: los cosenos de frases distintas no se comparan. Distingue la celda del resto del área, no dice qué hay allí.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Pro&amp;be</source>
        <translation>Son&amp;da</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>Score {score}: {percent} % of the map&apos;s cells fit worse.</source>
        <translation>Puntuación {score}: el {percent} % de las celdas del mapa se ajusta peor.</translation>
    </message>
    <message>
        <location filename="../dock/probe.py"/>
        <source>The broken outline, {width} km wide, is what the encoder saw of it.</source>
        <translation>El contorno discontinuo, de {width} km de ancho, es lo que vio el codificador.</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Start the backend</source>
        <translation>Iniciar el backend</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Connect</source>
        <translation>Conectar</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Resume</source>
        <translation>Reanudar</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Stop anyway</source>
        <translation>Detener de todos modos</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Copy the commands</source>
        <translation>Copiar los comandos</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/setup.py"/>
        <source>Set up</source>
        <translation>Instalar</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Look again</source>
        <translation>Comprobar de nuevo</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Show log</source>
        <translation>Mostrar el registro</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Settings…</source>
        <translation>Configuración…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Go on sending</source>
        <translation>Seguir enviando</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/scene.py"/>
        <source>Open a file…</source>
        <translation>Abrir un archivo…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Search…</source>
        <translation>Buscar…</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the units</source>
        <translation>Indicar las unidades</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the bands</source>
        <translation>Indicar las bandas</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>State the date</source>
        <translation>Indicar la fecha</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Zoom to scene</source>
        <translation>Zoom a la escena</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Draw a box</source>
        <translation>Dibujar un rectángulo</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <location filename="../dock/status.py"/>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Copy diagnostics</source>
        <translation>Copiar el diagnóstico</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Help</source>
        <translation>Ayuda</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Draw it again.</source>
        <translation>Dibújela de nuevo.</translation>
    </message>
    <message>
        <location filename="../dock/remedies.py"/>
        <source>Give the token with which the backend was started.</source>
        <translation>Indique el token con el que se inició el backend.</translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>no map</source>
        <translation>sin mapa</translation>
    </message>
    <message numerus="yes">
        <location filename="../dock/run_list.py"/>
        <location filename="../jobs/alignment.py"/>
        <source>%n maps</source>
        <translation>
            <numerusform>%n mapa</numerusform>
            <numerusform>%n mapas</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>Asked: {time}</source>
        <translation>Consultado: {time}</translation>
    </message>
    <message>
        <location filename="../dock/run_list.py"/>
        <source>Scene: {path}</source>
        <translation>Escena: {path}</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Each question is listed here once it is answered.</source>
        <translation>Cada consulta aparece aquí una vez respondida.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Runs</source>
        <translation>Ejecuciones</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Ask the same of the same scene and area</source>
        <translation>Consultar lo mismo de la misma escena y área</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Change…</source>
        <translation>Cambiar…</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Fill the panel with what was asked, and change it there</source>
        <translation>Rellenar el panel con lo consultado y cambiarlo allí</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Go to its area and show its map</source>
        <translation>Ir a su área y mostrar su mapa</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Two runs, or two phrases of one run, side by side. Select two of them</source>
        <translation>Dos ejecuciones, o dos frases de una, lado a lado. Seleccione dos</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Change between two</source>
        <translation>Cambio entre dos</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The later map minus the earlier one, of one phrase. Select two runs</source>
        <translation>El mapa posterior menos el anterior, de una frase. Seleccione dos ejecuciones</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Export map…</source>
        <translation>Exportar el mapa…</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Write its map as a GeoTIFF</source>
        <translation>Escribir su mapa como GeoTIFF</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Copy as command line</source>
        <translation>Copiar como línea de comandos</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>For a terminal</source>
        <translation>Para un terminal</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Copy as JSON</source>
        <translation>Copiar como JSON</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Scene, phrases, area, encoder and head</source>
        <translation>Escena, frases, área, codificador y cabezal</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Remove from the list</source>
        <translation>Quitar de la lista</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Its map stays</source>
        <translation>Su mapa se conserva</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>“{run}” is being asked, and is listed once it is answered.</source>
        <translation>Se está consultando «{run}», y aparece aquí en cuanto hay respuesta.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The area of this run cannot be shown in the CRS of the map.</source>
        <translation>El área de esta ejecución no se puede mostrar en el SRC del mapa.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The change cannot be shown: {reason}</source>
        <translation>El cambio no se puede mostrar: {reason}</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Export the map</source>
        <translation>Exportar el mapa</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>{file} was written.</source>
        <translation>Se escribió {file}.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>The command is on the clipboard.</source>
        <translation>El comando está en el portapapeles.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>Its area is in {file}.</source>
        <translation>Su área está en {file}.</translation>
    </message>
    <message>
        <location filename="../dock/runs.py"/>
        <source>What was asked is on the clipboard, as JSON.</source>
        <translation>La consulta está en el portapapeles, como JSON.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Scenes, tiles and their indexes</source>
        <translation>Escenas, teselas y sus índices</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a file or a folder, or search a catalogue</source>
        <translation>Abrir un archivo o una carpeta, o buscar en un catálogo</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a folder…</source>
        <translation>Abrir una carpeta…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Search a catalogue…</source>
        <translation>Buscar en un catálogo…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>&amp;Source</source>
        <translation>&amp;Fuente</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a scene</source>
        <translation>Abrir una escena</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Open a folder of VV and VH, or of tiles</source>
        <translation>Abrir una carpeta de VV y VH, o de teselas</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Choose a Sentinel-1 layer, open a file or a folder, or search a catalogue.</source>
        <translation>Elija una capa Sentinel-1, abra un archivo o una carpeta, o busque en un catálogo.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Sending {file}: {progress}…</source>
        <translation>Enviando {file}: {progress}…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>Checking the scene…</source>
        <translation>Comprobando la escena…</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>This scene cannot be used.</source>
        <translation>Esta escena no se puede usar.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>The scene is checked once the backend has started.</source>
        <translation>La escena se comprobará cuando se inicie el backend.</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>VV and VH</source>
        <translation>VV y VH</translation>
    </message>
    <message>
        <location filename="../dock/scene.py"/>
        <source>no date</source>
        <translation>sin fecha</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Start the backend on this computer</source>
        <translation>&amp;Iniciar el backend en este equipo</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Use one that is running already</source>
        <translation>&amp;Usar uno que ya está en marcha</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>the folder&apos;s own, in .venv</source>
        <translation>el de la carpeta, en .venv</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>A t&amp;unnel: the backend is on another computer</source>
        <translation>Un tú&amp;nel: el backend está en otro equipo</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>kept until QGIS closes</source>
        <translation>se conserva hasta cerrar QGIS</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>A token lasts until QGIS closes. To keep it, make an authentication entry of the kind API Header: Authorization = Bearer and the token.</source>
        <translation>Un token dura hasta que se cierra QGIS. Para conservarlo, cree una configuración de autenticación de tipo API Header: Authorization = Bearer y el token.</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Folder</source>
        <translation>&amp;Carpeta</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Python</source>
        <translation>&amp;Python</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Address</source>
        <translation>&amp;Dirección</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>&amp;Token</source>
        <translation>&amp;Token</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>Aut&amp;hentication</source>
        <translation>&amp;Autenticación</translation>
    </message>
    <message>
        <location filename="../dock/settings.py"/>
        <source>GLUE-Link settings</source>
        <translation>Configuración de GLUE-Link</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>from the Python Package Index</source>
        <translation>del Python Package Index</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>from its folder {folder}, without internet</source>
        <translation>de su carpeta {folder}, sin internet</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>“Set up” makes a Python environment in {folder}: about {size} GB, {source}. It takes some minutes.</source>
        <translation>«Instalar» crea un entorno de Python en {folder}: unos {size} GB, {source}. Tarda unos minutos.</translation>
    </message>
    <message>
        <location filename="../dock/setup.py"/>
        <source>Cancelled. “Set up” goes on with what is there.</source>
        <translation>Cancelado. «Instalar» continúa con lo que ya hay.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Settings, log, diagnostics, help</source>
        <translation>Configuración, registro, diagnóstico, ayuda</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Ready on {device}</source>
        <translation>Listo en {device}</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>The backend is not installed</source>
        <translation>El backend no está instalado</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Stopped</source>
        <translation>Detenido</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Starting…</source>
        <translation>Iniciando…</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Ready</source>
        <translation>Listo</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Connecting…</source>
        <translation>Conectando…</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Not connected</source>
        <translation>Sin conexión</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Start</source>
        <translation>Iniciar</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Disconnect</source>
        <translation>Desconectar</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Scenes and phrases are sent to {address}.</source>
        <translation>Las escenas y frases se envían a {address}.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Searches for scenes, with area and dates, were sent to {hosts}.</source>
        <translation>Se enviaron búsquedas de escenas, con área y fechas, a {hosts}.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Nothing else leaves this computer.</source>
        <translation>Nada más sale de este equipo.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Nothing leaves this computer.</source>
        <translation>Nada sale de este equipo.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>“{run}” is still running, and would end with the backend.</source>
        <translation>«{run}» sigue en marcha y terminaría con el backend.</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>Run these two commands in a terminal, then press “Look again”:</source>
        <translation>Ejecute estos dos comandos en un terminal y pulse «Comprobar de nuevo»:</translation>
    </message>
    <message>
        <location filename="../dock/status.py"/>
        <source>{device}, {used} of {total} GB</source>
        <translation>{device}, {used} de {total} GB</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Source</source>
        <translation>Fuente</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <location filename="../processing/algorithm.py"/>
        <location filename="../../backend/scenes/options.py"/>
        <source>Units</source>
        <translation>Unidades</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>Encoder</source>
        <translation>Codificador</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Stretch</source>
        <translation>Estirar</translation>
    </message>
    <message>
        <location filename="../dock/widgets.py"/>
        <source>Opacity</source>
        <translation>Opacidad</translation>
    </message>
    <message>
        <location filename="../jobs/accuracy.py"/>
        <source>accuracy of {map}</source>
        <translation>exactitud de {map}</translation>
    </message>
    <message>
        <location filename="../jobs/alignment.py"/>
        <source>rather {phrase}</source>
        <translation>más bien {phrase}</translation>
    </message>
    <message>
        <location filename="../jobs/alignment.py"/>
        <source>Done in {time}: {maps} in “{scene}”.</source>
        <translation>Hecho en {time}: {maps} en «{scene}».</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a yes-or-no question</source>
        <translation>una pregunta de sí o no</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a count</source>
        <translation>un recuento</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of place</source>
        <translation>una pregunta de lugar</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of share</source>
        <translation>una pregunta de proporción</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of size</source>
        <translation>una pregunta de tamaño</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a comparison</source>
        <translation>una comparación</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a question of date</source>
        <translation>una pregunta de fecha</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>an open question</source>
        <translation>una pregunta abierta</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>a closed question</source>
        <translation>una pregunta cerrada</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>the date</source>
        <translation>la fecha</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>the size of a pixel</source>
        <translation>el tamaño de un píxel</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <location filename="../layers/runs.py"/>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>%n bright objects on water · {scene}</source>
        <translation>
            <numerusform>%n objeto brillante en el agua · {scene}</numerusform>
            <numerusform>%n objetos brillantes en el agua · {scene}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>Described in {time}: %n sentences.</source>
        <translation>
            <numerusform>Descrita en {time}: %n oración.</numerusform>
            <numerusform>Descrita en {time}: %n oraciones.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>No answer, after {time}.</source>
        <translation>Sin respuesta, tras {time}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>Answered in {time}: the %n bright objects are a layer.</source>
        <translation>
            <numerusform>Respondida en {time}: el objeto brillante es una capa.</numerusform>
            <numerusform>Respondida en {time}: los %n objetos brillantes son una capa.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Answered in {time}.</source>
        <translation>Respondida en {time}.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>nothing that is known</source>
        <translation>nada que se conozca</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>It may be wrong. Measured in the same place: {facts}</source>
        <translation>Puede ser falso. Medido en el mismo lugar: {facts}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>It may be wrong, and calls itself {share} certain. Measured in the same place: {facts}</source>
        <translation>Puede ser falso y se dice seguro al {share}. Medido en el mismo lugar: {facts}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Rests on {grounds}.</source>
        <translation>Se basa en {grounds}.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Not answered: {kind}. Nothing is guessed.</source>
        <translation>Sin respuesta: {kind}. No se adivina nada.</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>how certain is not known</source>
        <translation>certeza desconocida</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>{share} certain</source>
        <translation>{share} de certeza</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>Answer to {kind}; {certainty}. Rests on {grounds}.</source>
        <translation>Respuesta a {kind}; {certainty}. Se basa en {grounds}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../jobs/describe.py"/>
        <source>%n bright objects</source>
        <translation>
            <numerusform>%n objeto brillante</numerusform>
            <numerusform>%n objetos brillantes</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>what reads as {classes}</source>
        <translation>lo que se lee como {classes}</translation>
    </message>
    <message>
        <location filename="../jobs/describe.py"/>
        <source>what was measured of the area</source>
        <translation>lo que se midió del área</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>Fetching {scene}</source>
        <translation>Obteniendo {scene}</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>Fetched in {time}.</source>
        <translation>Obtenida en {time}.</translation>
    </message>
    <message>
        <location filename="../jobs/fetch.py"/>
        <source>It covers {share} % of the area.</source>
        <translation>Cubre el {share} % del área.</translation>
    </message>
    <message>
        <location filename="../jobs/probe.py"/>
        <source>a place</source>
        <translation>un lugar</translation>
    </message>
    <message>
        <location filename="../jobs/scene_run.py"/>
        <location filename="../session.py"/>
        <source>There is no scene to ask.</source>
        <translation>No hay ninguna escena que consultar.</translation>
    </message>
    <message>
        <location filename="../jobs/scene_run.py"/>
        <source>What is encoded by now is kept.</source>
        <translation>Lo codificado hasta ahora se conserva.</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <source>Best phrases of {map}</source>
        <translation>Mejores frases de {map}</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <location filename="../layers/expression.py"/>
        <source>{file} cannot be read.</source>
        <translation>No se puede leer {file}.</translation>
    </message>
    <message>
        <location filename="../layers/best.py"/>
        <source>{file} cannot be written.</source>
        <translation>No se puede escribir {file}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../layers/best.py"/>
        <source>best of %n phrases · {scene}</source>
        <translation>
            <numerusform>mejor de %n frase · {scene}</numerusform>
            <numerusform>mejor de %n frases · {scene}</numerusform>
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
&lt;p&gt;Devuelve cuánto se ajusta un lugar a una frase, según un mapa de GLUE-Link del proyecto: en un punto, el
coseno de su celda; en un polígono, la media de las celdas cuyos centros están dentro.&lt;/p&gt;
&lt;h4&gt;Sintaxis&lt;/h4&gt;&lt;code&gt;sar_score(phrase, geometry)&lt;/code&gt;
&lt;h4&gt;Argumentos&lt;/h4&gt;
&lt;p&gt;&lt;i&gt;phrase&lt;/i&gt;: una frase que se consultó, o el nombre o id de la capa de un mapa. De varios mapas cuenta el
primero del árbol de capas que tenga un valor allí.&lt;br&gt;
&lt;i&gt;geometry&lt;/i&gt;: un punto o polígono en el SRC de su capa&lt;/p&gt;
&lt;h4&gt;Ejemplo&lt;/h4&gt;&lt;code&gt;sar_score(&apos;open water&apos;, $geometry)&lt;/code&gt;
</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>sar_score needs a geometry, such as $geometry.</source>
        <translation>sar_score necesita una geometría, como $geometry.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>No map of the project is of “{phrase}”. Ask for it first.</source>
        <translation>Ningún mapa del proyecto es de «{phrase}». Consúltelo primero.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>The geometry is too large for sar_score; use Zonal statistics.</source>
        <translation>La geometría es demasiado grande para sar_score; use Estadísticas de zona.</translation>
    </message>
    <message>
        <location filename="../layers/expression.py"/>
        <source>sar_score takes points and polygons.</source>
        <translation>sar_score admite puntos y polígonos.</translation>
    </message>
    <message>
        <location filename="../layers/live.py"/>
        <location filename="../layers/objects.py"/>
        <location filename="../layers/scene.py"/>
        <source>QGIS cannot read the result {path}.</source>
        <translation>QGIS no puede leer el resultado {path}.</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Number</source>
        <translation>Número</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>What it is</source>
        <translation>Qué es</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Length (m)</source>
        <translation>Longitud (m)</translation>
    </message>
    <message>
        <location filename="../layers/objects.py"/>
        <source>Score: above the water (dB)</source>
        <translation>Puntuación: sobre el agua (dB)</translation>
    </message>
    <message>
        <location filename="../layers/pair.py"/>
        <source>{file} was sent alone: no file beside it is named alike but for VV and VH.</source>
        <translation>{file} se envió solo: ningún archivo junto a él se llama igual salvo VV y VH.</translation>
    </message>
    <message>
        <location filename="../layers/pair.py"/>
        <source>Put both files into one folder, or merge them in QGIS: Raster › Miscellaneous › Merge, each file in a separate band.</source>
        <translation>Ponga ambos archivos en una carpeta o combínelos en QGIS: Ráster › Miscelánea › Combinar, cada archivo en una banda separada.</translation>
    </message>
    <message>
        <location filename="../layers/result.py"/>
        <source>Maps of {scene}</source>
        <translation>Mapas de {scene}</translation>
    </message>
    <message>
        <location filename="../layers/result.py"/>
        <source>{file} cannot be moved beside the project: {reason}.</source>
        <translation>No se puede mover {file} junto al proyecto: {reason}.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>The layer “{layer}” lies inside {file}. Unpack it, and open the file that was in it.</source>
        <translation>La capa «{layer}» está dentro de {file}. Descomprímalo y abra el archivo que contenía.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>The layer “{layer}” shows no file on this computer. Download it, and open that file.</source>
        <translation>La capa «{layer}» no muestra ningún archivo de este equipo. Descárguela y abra ese archivo.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>QGIS cannot read {file} as a raster. Open a GeoTIFF, or its folder with “Open a folder…”.</source>
        <translation>QGIS no puede leer {file} como ráster. Abra un GeoTIFF, o su carpeta con «Abrir una carpeta…».</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>“{name}” lies on this computer; a backend elsewhere can be sent GeoTIFFs of radar only.</source>
        <translation>«{name}» está en este equipo; a un backend remoto solo se le pueden enviar GeoTIFF de radar.</translation>
    </message>
    <message>
        <location filename="../layers/scene.py"/>
        <source>Open a GeoTIFF with VV and VH, or one of a pair, or use a backend on this computer.</source>
        <translation>Abra un GeoTIFF con VV y VH, o uno de un par, o use un backend en este equipo.</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>least alike</source>
        <translation>menos parecido</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>most alike</source>
        <translation>más parecido</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>or fewer</source>
        <translation>o menos</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>of words fit worse</source>
        <translation>de palabras se ajustan peor</translation>
    </message>
    <message>
        <location filename="../layers/style.py"/>
        <source>nothing like that</source>
        <translation>nada parecido</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>{value} 0 % of the cells fit worse</source>
        <translation>{value} el 0 % de las celdas se ajusta peor</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>{value} 100 % of them do</source>
        <translation>{value} el 100 % de ellas</translation>
    </message>
    <message>
        <location filename="../layers/view.py"/>
        <source>; shown from {threshold} ({share} %)</source>
        <translation>; visible desde {threshold} ({share} %)</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>off: the map waits for Enter</source>
        <translation>desactivado: el mapa espera a Intro</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>follows the typing where all is encoded</source>
        <translation>sigue lo escrito donde todo está codificado</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>asking…</source>
        <translation>consultando…</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>answered in {seconds} s; Enter keeps it</source>
        <translation>respondido en {seconds} s; Intro lo conserva</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>the map follows the typing</source>
        <translation>el mapa sigue lo escrito</translation>
    </message>
    <message>
        <location filename="../live.py"/>
        <source>{phrase} (live)</source>
        <translation>{phrase} (en vivo)</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <source>The project has no polygon layer.</source>
        <translation>El proyecto no tiene ninguna capa de polígonos.</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <source>{layer} has {count} polygons; at most {most} can be an area. Select some of them.</source>
        <translation>{layer} tiene {count} polígonos; un área admite como máximo {most}. Seleccione algunos.</translation>
    </message>
    <message>
        <location filename="../maptools/area.py"/>
        <location filename="../processing/algorithm.py"/>
        <source>{layer} has no polygons.</source>
        <translation>{layer} no tiene polígonos.</translation>
    </message>
    <message>
        <location filename="../phrase_book.py"/>
        <source>asked before</source>
        <translation>ya consultada</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Chance that a wanted cell outscores another</source>
        <translation>Probabilidad de que una celda buscada supere a otra</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Its lower bound</source>
        <translation>Su límite inferior</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Its upper bound</source>
        <translation>Su límite superior</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Best threshold</source>
        <translation>Mejor umbral</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Precision above it</source>
        <translation>Precisión por encima</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Recall above it</source>
        <translation>Exhaustividad por encima</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Labelled cells</source>
        <translation>Celdas etiquetadas</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Accuracy of a map</source>
        <translation>Exactitud de un mapa</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Measures how well a map that “Ask a scene for phrases” has made tells what is wanted from what is not, by a layer of labelled polygons or points: AUC with an interval of 95 % confidence that knows which labels lie together, and precision and recall at the best threshold. The backend has to run on this computer.</source>
        <translation>Mide hasta qué punto un mapa hecho con «Consultar una escena por frases» distingue lo buscado de lo demás, según una capa de polígonos o puntos etiquetados: AUC con un intervalo de confianza del 95 % que sabe qué etiquetas están juntas, y precisión y exhaustividad en el mejor umbral. El backend tiene que ejecutarse en este equipo.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <location filename="../processing/bestplaces.py"/>
        <source>Phrase (band)</source>
        <translation>Frase (banda)</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Labels</source>
        <translation>Etiquetas</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Field of the class</source>
        <translation>Campo de la clase</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Classes that the phrase means, by commas</source>
        <translation>Clases a las que se refiere la frase, separadas por comas</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>Classes to leave out</source>
        <translation>Clases que se omiten</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>There is no class that the phrase means. Give one or more of the field {field}.</source>
        <translation>Falta la clase a la que se refiere la frase. Indique una o varias del campo {field}.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>The map lies on this computer, and the backend elsewhere. Use a backend here.</source>
        <translation>El mapa está en este equipo y el backend en otro. Use un backend local.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{layer} has no field {field}. Choose one of: {names}.</source>
        <translation>{layer} no tiene el campo {field}. Elija uno de: {names}.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{layer} has no polygons or points. Draw some, and name their class.</source>
        <translation>{layer} no tiene polígonos ni puntos. Dibuje algunos e indique su clase.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>AUC {auc} of {labels} labelled cells in {places} places; precision {precision}, recall {recall} above {threshold}.</source>
        <translation>AUC {auc} de {labels} celdas etiquetadas en {places} lugares; precisión {precision}, exhaustividad {recall} por encima de {threshold}.</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>unknown</source>
        <translation>desconocido</translation>
    </message>
    <message>
        <location filename="../processing/accuracy.py"/>
        <source>{value} ({low} to {high})</source>
        <translation>{value} ({low} a {high})</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Linear power</source>
        <translation>Potencia lineal</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Amplitude</source>
        <translation>Amplitud</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Digital numbers</source>
        <translation>Niveles digitales</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Area (polygons)</source>
        <translation>Área (polígonos)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>or area (extent)</source>
        <translation>o área (extensión)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Phrases, one a line</source>
        <translation>Frases, una por línea</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Head</source>
        <translation>Cabezal</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>Words by (a tower or model of the backend)</source>
        <translation>Palabras de (una torre o un modelo del backend)</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>What the tower or model wrote, which may be wrong</source>
        <translation>Lo que escribió la torre o el modelo, que puede ser falso</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>There is no phrase. Give one, such as open water.</source>
        <translation>No hay ninguna frase. Indique una, como open water.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>“{place}” cannot be read as a place. Give longitude and latitude, such as 11.5755,48.1372.</source>
        <translation>«{place}» no es un lugar. Indique longitud y latitud, por ejemplo 11.5755,48.1372.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>No encoder that has a head reads {scene}. “Backend status” lists those that can be used; give a scene for one of them, or train a head.</source>
        <translation>Ningún codificador con cabezal lee {scene}. «Estado del backend» enumera los disponibles; indique una escena para uno de ellos o entrene un cabezal.</translation>
    </message>
    <message>
        <location filename="../processing/algorithm.py"/>
        <source>The encoder {encoder} cannot be used with {scene}. Choose one of: {names}.</source>
        <translation>El codificador {encoder} no se puede usar con {scene}. Elija uno de: {names}.</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Answer a question about a scene</source>
        <translation>Responder una pregunta sobre una escena</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Answers a question about a Sentinel-1 scene, or about an area of it, from what was measured there, such as “Is there a harbour?”, “How many ships are there?”, “Where is the water?” or “How much of the area is water?”. Of a closed question the first word answers: Yes, No, a number, a side. What was not measured is answered with “Unknown” and the reason, and ANSWERED is false; nothing is guessed. CERTAINTY, from 0 to 1, is empty where it is not known. The optional layer has a polygon where what the answer rests on lies. A tower or model that is named under “Words by” answers beside it: WRITTEN, and rows of its own in the layer, whose column “by” names it. Its answers may be wrong.</source>
        <translation>Responde una pregunta sobre una escena Sentinel-1, o sobre un área de ella, a partir de lo que se midió allí, como «Is there a harbour?», «How many ships are there?», «Where is the water?» o «How much of the area is water?». A una pregunta cerrada responde la primera palabra: Yes, No, un número, un lado. Lo que no se midió se responde con «Unknown» y el motivo, y ANSWERED es falso; no se adivina nada. CERTAINTY, de 0 a 1, queda vacía donde no se conoce. La capa opcional tiene un polígono donde está aquello en lo que se basa la respuesta. Una torre o un modelo nombrado en «Palabras de» responde al lado: WRITTEN, y filas propias en la capa, cuya columna «by» lo nombra. Sus respuestas pueden ser falsas.</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Question</source>
        <translation>Pregunta</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>What the answer rests on</source>
        <translation>En qué se basa la respuesta</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The answer</source>
        <translation>La respuesta</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The kind of the question</source>
        <translation>El tipo de la pregunta</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>Whether there is an answer</source>
        <translation>Si hay respuesta</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>How sure it is, from 0 to 1</source>
        <translation>Su certeza, de 0 a 1</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>There is no question. Give one, such as Is there water?</source>
        <translation>No hay ninguna pregunta. Haga una, como Is there water?</translation>
    </message>
    <message>
        <location filename="../processing/answer.py"/>
        <source>The backend has not answered. Update it, and try again.</source>
        <translation>El backend no ha respondido. Actualícelo y vuelva a intentarlo.</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Best places of a map</source>
        <translation>Mejores lugares de un mapa</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Takes a map that “Ask a scene for phrases” has made, and writes the places that fit one of its phrases best as points: rank, score (the cosine), phrase and map. No two are closer than the distance, so that one lake does not take all places.</source>
        <translation>Toma un mapa hecho con «Consultar una escena por frases» y escribe como puntos los lugares que mejor se ajustan a una de sus frases: rango, puntuación (el coseno), frase y mapa. No hay dos más cercanos que la distancia, para que un mismo lago no ocupe todos los lugares.</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>How many</source>
        <translation>Cuántos</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>Least distance</source>
        <translation>Distancia mínima</translation>
    </message>
    <message>
        <location filename="../processing/bestplaces.py"/>
        <source>How many were found</source>
        <translation>Cuántos se encontraron</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Compare two dates</source>
        <translation>Comparar dos fechas</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Asks two Sentinel-1 scenes of one place for the same phrases, and writes how much better the later one fits, as a GeoTIFF with one band a phrase: the cosine afterwards minus the cosine before, from -2 to 2. Only cells that both scenes have are written. Scenes of the same orbit and product type compare best: what differs between orbits is not a change.</source>
        <translation>Consulta dos escenas Sentinel-1 de un lugar con las mismas frases y escribe cuánto mejor se ajusta la posterior, como GeoTIFF con una banda por frase: el coseno de después menos el coseno de antes, de -2 a 2. Solo se escriben las celdas que tienen ambas escenas. Se comparan mejor las escenas de la misma órbita y del mismo tipo de producto: lo que difiere entre órbitas no es un cambio.</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Scene before</source>
        <translation>Escena anterior</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Scene after</source>
        <translation>Escena posterior</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Change</source>
        <translation>Cambio</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>Cells that were compared</source>
        <translation>Celdas comparadas</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>The maps of the two scenes have different grids: the scenes lie in two UTM zones. Give scenes of one orbit, or an area inside one zone.</source>
        <translation>Los mapas de las dos escenas tienen cuadrículas distintas: las escenas están en dos zonas UTM. Indique escenas de una misma órbita, o un área dentro de una zona.</translation>
    </message>
    <message>
        <location filename="../processing/comparedates.py"/>
        <source>The two scenes have no place in common. Give two scenes of one place.</source>
        <translation>Las dos escenas no tienen ningún lugar en común. Indique dos escenas de un mismo lugar.</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Count ships</source>
        <translation>Contar barcos</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Counts the bright objects on water of a Sentinel-1 scene, or of an area of it, and writes each as a box: its number, its length in metres (good to about 20 m), and its score, by how many dB its brightest pixel exceeds the water around. Whether they are ships, buoys, platforms or rocks, the measurement does not tell. What was not measured, such as houses, is not counted: that is an error, which says why. A tower or model that is named under “Words by” answers beside it: WRITTEN, which may be wrong; it draws no boxes.</source>
        <translation>Cuenta los objetos brillantes en el agua de una escena Sentinel-1, o de un área de ella, y escribe cada uno como rectángulo: su número, su longitud en metros (con una precisión de unos 20 m) y su puntuación, cuántos dB supera su píxel más brillante al agua que lo rodea. Si son barcos, boyas, plataformas o rocas, la medición no lo dice. Lo que no se midió, como casas, no se cuenta: es un error que dice por qué. Una torre o un modelo nombrado en «Palabras de» responde al lado: WRITTEN, que puede ser falso; no dibuja rectángulos.</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>What to count</source>
        <translation>Qué contar</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>Objects</source>
        <translation>Objetos</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>How many there are</source>
        <translation>Cuántos hay</translation>
    </message>
    <message>
        <location filename="../processing/count.py"/>
        <source>The same in words</source>
        <translation>Lo mismo en palabras</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Describe a scene in words</source>
        <translation>Describir una escena con palabras</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Says in a few sentences what was measured of a Sentinel-1 scene, or of an area of it: how large it is, its date, the share of water and of built-up land and where they are, and bright objects on water. Nothing is guessed. The optional layer has a polygon for each sentence, where what it speaks of lies; a sentence about the whole area has none. A tower or model that is named under “Words by” writes beside it: WRITTEN, and rows of its own in the layer, whose column “by” names it. What it writes may be wrong.</source>
        <translation>Dice en unas oraciones lo que se midió de una escena Sentinel-1, o de un área de ella: su tamaño, su fecha, la proporción de agua y de suelo edificado y dónde están, y los objetos brillantes en el agua. No se adivina nada. La capa opcional tiene un polígono para cada oración, donde está aquello de lo que habla; una oración sobre toda el área no lo tiene. Una torre o un modelo nombrado en «Palabras de» escribe al lado: WRITTEN, y filas propias en la capa, cuya columna «by» lo nombra. Lo que escribe puede ser falso.</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>Sentences with their places</source>
        <translation>Oraciones con sus lugares</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>The description</source>
        <translation>La descripción</translation>
    </message>
    <message>
        <location filename="../processing/describe.py"/>
        <source>How many sentences it has</source>
        <translation>Cuántas oraciones tiene</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Encode a scene</source>
        <translation>Codificar una escena</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Encodes a Sentinel-1 scene, or an area of it, and keeps it in the backend&apos;s store: every later phrase over it is answered at once. What is encoded already is not encoded again; what was encoded before a cancel is kept. The output is the scene itself, so that a model can go on with it.</source>
        <translation>Codifica una escena Sentinel-1, o un área de ella, y la conserva en el almacén del backend: cada frase posterior se responde al instante. Lo que ya está codificado no se codifica de nuevo; lo codificado antes de una cancelación se conserva. La salida es la propia escena, para que un modelo pueda continuar con ella.</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>The scene</source>
        <translation>La escena</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Size of the area in km²</source>
        <translation>Tamaño del área en km²</translation>
    </message>
    <message>
        <location filename="../processing/encode.py"/>
        <source>Windows that were encoded</source>
        <translation>Ventanas codificadas</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Like the cells at (longitude,latitude in degrees, one a line)</source>
        <translation>Como las celdas en (longitud,latitud en grados, una por línea)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Unlike the cells at (longitude,latitude in degrees, one a line)</source>
        <translation>No como las celdas en (longitud,latitud en grados, una por línea)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Ask a scene for phrases</source>
        <translation>Consultar una escena por frases</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Writes how well every cell of a Sentinel-1 scene fits each phrase, as a GeoTIFF with one band a phrase. A value is the cosine between the cell and the phrase: it compares places, it is not a probability. With “but not” it is that cosine less the other, or less the mean of several. Cells of the scene can be examples, for and against, beside phrases or alone. What was asked, of what and with what stands in the file&apos;s tags. Without an area the whole scene is asked. What is encoded once answers later phrases at once.</source>
        <translation>Escribe cuánto se ajusta cada celda de una escena Sentinel-1 a cada frase, como GeoTIFF con una banda por frase. Un valor es el coseno entre la celda y la frase: compara lugares, no es una probabilidad. Con «Pero no» es ese coseno menos el otro, o menos la media de varios. Las celdas de la escena pueden servir de ejemplos, a favor y en contra, junto a frases o solas. Lo que se consultó, de qué y con qué, consta en las etiquetas del archivo. Sin área se consulta toda la escena. Lo que se codifica una vez responde al instante a las frases posteriores.</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>But not (subtracted from each phrase)</source>
        <translation>Pero no (se resta de cada frase)</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Size of the map in km²</source>
        <translation>Tamaño del mapa en km²</translation>
    </message>
    <message>
        <location filename="../processing/query.py"/>
        <source>Largest cosine with the first phrase</source>
        <translation>Mayor coseno con la primera frase</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} cannot be read as a raster. Give a GeoTIFF.</source>
        <translation>{file} no se puede leer como ráster. Indique un GeoTIFF.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has {width} × {height} cells; at most {most} fit the memory. Clip it first.</source>
        <translation>{file} tiene {width} × {height} celdas; en la memoria caben como máximo {most}. Recórtelo primero.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has no band {band}. Choose one of 1 to {last}.</source>
        <translation>{file} no tiene la banda {band}. Elija una de 1 a {last}.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} has no square cells with north up. Give a map that GLUE-Link has made, or warp it first: Raster › Projections › Warp.</source>
        <translation>{file} no tiene celdas cuadradas con el norte arriba. Indique un mapa hecho por GLUE-Link o repróyectelo antes: Ráster › Proyecciones › Combar.</translation>
    </message>
    <message>
        <location filename="../processing/raster.py"/>
        <source>{file} cannot be written. Choose another folder.</source>
        <translation>No se puede escribir {file}. Elija otra carpeta.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Press “Set up” in the panel of GLUE-Link, then try again.</source>
        <translation>Pulse «Instalar» en el panel de GLUE-Link y vuelva a intentarlo.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Run this in a terminal, then try again: {command}</source>
        <translation>Ejecute esto en un terminal y vuelva a intentarlo: {command}</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <location filename="../session.py"/>
        <source>The backend is not installed.</source>
        <translation>El backend no está instalado.</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Starting the backend…</source>
        <translation>Iniciando el backend…</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <source>Sending {file}…</source>
        <translation>Enviando {file}…</translation>
    </message>
    <message>
        <location filename="../processing/service.py"/>
        <location filename="../session.py"/>
        <source>Cancelled.</source>
        <translation>Cancelado.</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Backend status</source>
        <translation>Estado del backend</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Finds the backend that the panel uses, or starts one, and says its version, the device that it computes on, and the encoders, heads and describers that can be used.</source>
        <translation>Encuentra el backend que usa el panel, o inicia uno, e indica su versión, el dispositivo en el que calcula y los codificadores, cabezales y descriptores disponibles.</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Encoders</source>
        <translation>Codificadores</translation>
    </message>
    <message>
        <location filename="../processing/status.py"/>
        <source>Describers</source>
        <translation>Descriptores</translation>
    </message>
    <message>
        <location filename="../scene_session.py"/>
        <source>{file} cannot be read: {reason}.</source>
        <translation>No se puede leer {file}: {reason}.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Start it and try again.</source>
        <translation>Inícielo y vuelva a intentarlo.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Run the two commands at the top of this panel in a terminal, then look again.</source>
        <translation>Ejecute en un terminal los dos comandos de la parte superior de este panel y compruebe de nuevo.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Press “Set up” at the top of this panel.</source>
        <translation>Pulse «Instalar» en la parte superior de este panel.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>No backend is connected.</source>
        <translation>No hay ningún backend conectado.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Connect, and try again.</source>
        <translation>Conéctese y vuelva a intentarlo.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>Choose a layer, open a file, or search a catalogue.</source>
        <translation>Elija una capa, abra un archivo o busque en un catálogo.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>“{run}” was stopped.</source>
        <translation>«{run}» se detuvo.</translation>
    </message>
    <message>
        <location filename="../session.py"/>
        <source>The run of “{run}” ended with it.</source>
        <translation>La ejecución de «{run}» terminó con él.</translation>
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
        <translation>{part} de {whole} MB</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{file} cannot be written: {reason}.</source>
        <translation>No se puede escribir {file}: {reason}.</translation>
    </message>
    <message>
        <location filename="../words.py"/>
        <source>{first} and {last}</source>
        <translation>{first} y {last}</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What the values of the file are; detected when left out.</source>
        <translation>Qué son los valores del archivo; se detecta si no se indica.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>linear power</source>
        <translation>potencia lineal</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>amplitude</source>
        <translation>amplitud</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>digital numbers</source>
        <translation>niveles digitales</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Scale</source>
        <translation>Escala</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What stored values are multiplied with to have the units; the file&apos;s own if left out.</source>
        <translation>Por lo que se multiplican los valores guardados para tener las unidades; si no, el del archivo.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Offset</source>
        <translation>Desplazamiento</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What is added to stored values after the scale; the file&apos;s own if left out.</source>
        <translation>Lo que se suma a los valores guardados tras la escala; si no, el del archivo.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>DN offset in dB</source>
        <translation>Desplaz. DN en dB</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>For digital numbers: dB = 20 log10(DN) + this.</source>
        <translation>Para niveles digitales: dB = 20 log10(DN) + esto.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Date</source>
        <translation>Fecha</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>The day of the acquisition, year-month-day; of an embedding, the year.</source>
        <translation>El día de la adquisición, año-mes-día; de un embedding, el año.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Product type</source>
        <translation>Tipo de producto</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>What the scene is, if neither its name nor its tags say so.</source>
        <translation>Qué es la escena, si no lo dicen ni su nombre ni sus etiquetas.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Noise floor in dB</source>
        <translation>Piso de ruido en dB</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Treat pixels below this in both bands as no data; -40 if left out.</source>
        <translation>Los píxeles por debajo en ambas bandas se tratan como sin datos; -40 si no se indica.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Speckle filter</source>
        <translation>Filtro de moteado</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Filter speckle first.</source>
        <translation>Filtrar primero el moteado.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>refined Lee</source>
        <translation>Lee refinado</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Band numbers</source>
        <translation>Números de banda</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Number of the band, from 1, in a file that does not name its bands.</source>
        <translation>Número de la banda, desde 1, en un archivo que no nombra sus bandas.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Other dates</source>
        <translation>Otras fechas</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Another date of the same place: its file, or its day in a file that holds several. Most encoders take the mean of their power; some take each date by itself.</source>
        <translation>Otra fecha del mismo lugar: su archivo, o su día en un archivo que contiene varias. La mayoría de los codificadores toman la media de su potencia; algunos toman cada fecha por separado.</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Tiles of an index</source>
        <translation>Teselas de un índice</translation>
    </message>
    <message>
        <location filename="../../backend/scenes/options.py"/>
        <source>Folder or address of the tiles that an index lists; beside it when left out.</source>
        <translation>Carpeta o dirección de las teselas que enumera un índice; si no, junto a él.</translation>
    </message>
</context>
</TS>
