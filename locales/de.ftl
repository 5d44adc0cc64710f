# Alle Texte von Fenster, Konsole, Infobereich und Benachrichtigungen. Beide Kataloge haben dieselben Schlüssel und Werte; ein Test vergleicht sie.
# Sagen, was zu tun ist, nicht nur, was schiefging. „Ticket“ ist der Eintrag mit Nummer, „Unterhaltung“ der Chat.

### Everywhere

product-name = Deskbell
cancel = Abbrechen
close = Schließen
back = Zurück
retry = Erneut versuchen
discard = Verwerfen
continue = Weiter
loading = Wird geladen …
optional = optional
unread-count = { $count ->
    [one] { $count } ungelesene Nachricht
   *[other] { $count } ungelesene Nachrichten
}
copied = Kopiert
more-options = Weitere Optionen

### Times

age-now = jetzt
age-minutes = { $count } min
age-hours = { $count } h
age-days = { $count } T
age-asked = Gefragt: { $when }
day-today = Heute
day-yesterday = Gestern

### People and status

you = Sie
role-technician = Support
role-admin = Support
status-new = Neu
status-open = In Arbeit
status-waiting = Wartet auf Sie
status-closed = Geschlossen

### Chat

chat-lines = Nachrichten
chat-new-messages = Neue Nachrichten
chat-older = Ältere Nachrichten anzeigen
chat-loading-older = Ältere Nachrichten werden geladen …
chat-start = Hier hat es begonnen
chat-to-newest = Zur neuesten Nachricht
chat-to-new = { $count ->
    [one] { $count } neue Nachricht
   *[other] { $count } neue Nachrichten
}
chat-typing = { $name } schreibt …
chat-said = { $name }: { $text }
chat-note = Interne Notiz
chat-note-hint = Nur für Techniker sichtbar
delivery-waiting = Wartet auf Versand
delivery-sent = Gesendet
delivery-delivered = Zugestellt
delivery-read = Gelesen: { $when }
delivery-failed = Nicht gesendet
update-ticket-created = Ticket { $number } wurde angelegt
update-assigned = { $name } hat übernommen
update-status = Status: { $status }
update-closed = Geschlossen
update-closed-by = Geschlossen von { $name }
update-unknown = Es hat sich etwas geändert

### Writing

composer-label = Nachricht
composer-placeholder = Nachricht schreiben
composer-send = Senden
composer-hint = Eingabe sendet, Umschalt und Eingabe beginnt eine neue Zeile
composer-tools = Formatierung
composer-bold = Fett
composer-italic = Kursiv
composer-link = Link
composer-left = { $count ->
    [one] Noch { $count } Zeichen
   *[other] Noch { $count } Zeichen
}
composer-too-long = { $count ->
    [one] { $count } Zeichen zu lang
   *[other] { $count } Zeichen zu lang
}
link-text = Text
link-address = Adresse
link-address-hint = Beginnt mit https://
link-add = Link einfügen
link-add-title = Link einfügen

### Opening links

link-open-title = Diesen Link öffnen?
link-open-body = Er führt zu:
link-open-mail = Er schreibt eine E-Mail an:
link-open-misleads = Der Text dieses Links nennt eine andere Adresse als die, zu der er führt. Öffnen Sie ihn nur, wenn Sie das erwarten.
link-open-insecure = Die Verbindung ist nicht verschlüsselt: Andere könnten mitlesen, was Sie dort eingeben.
link-open-action = Öffnen
link-refused = Dieser Link wird nicht geöffnet: Seine Art ist nicht sicher.

### Failures: what happened, then what to do

failure-unreachable = Der Server ist nicht erreichbar.
failure-unreachable-action = Prüfen Sie die Netzwerkverbindung und versuchen Sie es erneut.
failure-not-deskbell = Statt Deskbell hat etwas anderes geantwortet.
failure-not-deskbell-action = Wenn dieses Netzwerk eine Anmeldeseite hat, öffnen Sie diese zuerst im Browser. Sonst prüfen Sie die Serveradresse.
failure-certificate = Dem Zertifikat des Servers wird nicht vertraut.
failure-certificate-action = Prüfen Sie Datum und Serveradresse oder fragen Sie Ihre IT.
failure-proxy = Der Proxy dieses Netzwerks steht im Weg.
failure-proxy-action = Bitten Sie Ihre IT, Deskbell durch den Proxy zu lassen.
failure-proxy-password = Der Proxy dieses Netzwerks verlangt ein Passwort.
failure-proxy-password-action = Bitten Sie Ihre IT, Deskbell ohne eines durchzulassen.
failure-address-invalid = Das ist keine Serveradresse.
failure-address-invalid-action = Sie beginnt mit https://, Ihre IT kennt sie.
failure-not-now = Das geht gerade nicht.
failure-not-now-action = Gehen Sie zurück und versuchen Sie es erneut.
failure-text-empty = Es ist kein Text da.
failure-text-empty-action = Schreiben Sie zuerst etwas.
failure-text-too-long = Der Text ist zu lang.
failure-text-too-long-action = Kürzen Sie ihn oder senden Sie ihn in Teilen.
failure-server-too-old = Der Server ist zu alt für diese Version von Deskbell.
failure-server-too-old-action = Informieren Sie Ihre IT: Der Server braucht ein Update.
failure-cannot-store = Auf diesem Computer konnte nicht gespeichert werden.
failure-cannot-store-action = Schaffen Sie Speicherplatz und versuchen Sie es erneut.
failure-managed = Ihre Organisation hat das festgelegt.
failure-managed-action = Fragen Sie Ihre IT, wenn es anders sein soll.
failure-bad-request = Der Server hat das nicht verstanden.
failure-bad-request-action = Versuchen Sie es erneut. Bleibt es so, informieren Sie Ihre IT.
failure-invalid-field = Eine Eingabe ist nicht gültig.
failure-invalid-field-action = Prüfen Sie sie und versuchen Sie es erneut.
failure-too-large = Das ist größer als erlaubt.
failure-too-large-action = Kürzen Sie es oder senden Sie es in Teilen.
failure-unsupported-media-type = Diese Art von Inhalt nimmt der Server nicht an.
failure-unsupported-media-type-action = Versuchen Sie es erneut. Bleibt es so, informieren Sie Ihre IT.
failure-method-not-allowed = Der Server kann das nicht.
failure-method-not-allowed-action = Deskbell braucht vielleicht ein Update. Informieren Sie Ihre IT.
failure-not-found = Das gibt es nicht oder ist nicht für Sie.
failure-not-found-action = Gehen Sie zurück zur Liste.
failure-not-signed-in = Sie sind nicht angemeldet.
failure-not-signed-in-action = Melden Sie sich an und versuchen Sie es erneut.
failure-session-expired = Sie wurden abgemeldet, weil es eine Weile her ist.
failure-session-expired-action = Melden Sie sich erneut an.
failure-session-ended = Diese Sitzung wurde beendet.
failure-session-ended-action = Melden Sie sich erneut an. Wenn Sie das nicht waren, informieren Sie Ihre IT.
failure-forbidden = Das ist Ihnen nicht erlaubt.
failure-forbidden-action = Fragen Sie Ihre IT, wenn es erlaubt sein sollte.
failure-foreign-origin = Die Anfrage kam von einer anderen Seite.
failure-foreign-origin-action = Laden Sie diese Seite neu.
failure-second-factor-required = Es fehlt noch ein Schritt.
failure-second-factor-required-action = Geben Sie den Code Ihrer Authenticator-App ein.
failure-code-invalid = Dieser Code stimmt nicht.
failure-code-invalid-action = Prüfen Sie die Ziffern und geben Sie sie erneut ein.
failure-code-invalid-left = { $count ->
    [0] Kein Versuch mehr. Fordern Sie einen neuen Code an.
    [one] Noch { $count } Versuch.
   *[other] Noch { $count } Versuche.
}
failure-code-used = Dieser Code wurde schon verwendet.
failure-code-used-action = Fordern Sie einen neuen Code an.
failure-code-expired = Dieser Code ist zu alt.
failure-code-expired-action = Fordern Sie einen neuen Code an.
failure-challenge-exhausted = Zu viele falsche Codes.
failure-challenge-exhausted-action = Beginnen Sie neu, um einen neuen Code zu erhalten.
failure-account-throttled = Zu viele falsche Codes für dieses Konto.
failure-account-throttled-action = Warten Sie eine Weile und beginnen Sie dann neu.
failure-rate-limited = Das war zu oft in kurzer Zeit.
failure-rate-limited-action = Warten Sie einen Moment und versuchen Sie es erneut.
failure-retry-after = { $seconds ->
    [one] Wieder möglich in { $seconds } Sekunde.
   *[other] Wieder möglich in { $seconds } Sekunden.
}
failure-retry-after-minutes = { $minutes ->
    [one] Wieder möglich in { $minutes } Minute.
   *[other] Wieder möglich in { $minutes } Minuten.
}
failure-sms-unavailable = An diese Nummer kann keine SMS gesendet werden.
failure-sms-unavailable-action = Prüfen Sie die Nummer mit Ländervorwahl oder lassen Sie den Code per E-Mail senden.
failure-not-assigned = Das kann nur, wer diese Unterhaltung übernommen hat.
failure-not-assigned-action = Übernehmen Sie sie zuerst oder fragen Sie, wer sie hat.
failure-already-assigned = Jemand anderes hat sie übernommen.
failure-already-assigned-action = Fragen Sie, wer sie hat.
failure-conversation-closed = Diese Unterhaltung ist geschlossen.
failure-conversation-closed-action = Bitten Sie erneut um Hilfe, um eine neue zu beginnen.
failure-id-conflict = Das gibt es schon mit anderem Inhalt.
failure-id-conflict-action = Verwerfen Sie es und schreiben Sie es neu.
failure-client-too-old = Diese Version von Deskbell ist zu alt für den Server.
failure-client-too-old-action = Bitten Sie Ihre IT um das Update.
failure-internal = Der Server hat versagt.
failure-internal-action = Versuchen Sie es gleich noch einmal.
failure-unavailable = Der Server kann das gerade nicht.
failure-unavailable-action = Versuchen Sie es gleich noch einmal.
failure-unknown = Etwas ist schiefgegangen.
failure-unknown-action = Versuchen Sie es erneut. Bleibt es so, informieren Sie Ihre IT.

### Window: server address

server-title = Willkommen bei Deskbell
server-body = Welchen Server nutzt Ihre Organisation? Ihre IT kennt ihn.
server-label = Serveradresse
server-placeholder = https://support.example.com
server-action = Verbinden
server-checking = Verbindung wird hergestellt …

### Window: signing in

sign-in-title = Anmelden
sign-in-body = Geben Sie Ihre dienstliche E-Mail-Adresse ein. Sie erhalten einen Code, der bestätigt, dass Sie es sind.
sign-in-email = Dienstliche E-Mail
sign-in-email-placeholder = name@firma.de
sign-in-email-wrong = Geben Sie eine ganze E-Mail-Adresse ein, etwa name@firma.de.
sign-in-action = Weiter
sign-in-organization = Support für { $organization }
sign-in-server = Server: { $server }
method-title = Wie soll der Code Sie erreichen?
method-body = Anmeldung als { $email }
method-email = E-Mail
method-email-detail = An { $email }
method-sms = SMS
method-sms-detail = An Ihr Mobiltelefon
method-phone = Mobilnummer
method-phone-placeholder = +49 151 23456789
method-phone-hint = Die ganze Nummer mit Ländervorwahl, wie sie Ihrer Organisation vorliegt.
method-phone-wrong = Geben Sie die ganze Nummer ein, beginnend mit + und der Ländervorwahl.
method-action = Code senden
method-other-address = Andere Adresse verwenden
code-title = Code eingeben
code-sent-email = Wir haben sechs Ziffern an { $to } gesendet. Nichts da? Sehen Sie im Spam-Ordner nach.
code-sent-sms = Wir haben sechs Ziffern per SMS an { $to } gesendet.
code-label = Sechsstelliger Code
code-action = Anmelden
code-checking = Wird geprüft …
code-expires = Gültig für { $time }
code-expired-title = Der Code ist abgelaufen
code-expired-body = Fordern Sie einen neuen an. Der alte funktioniert nicht mehr.
code-resend = Neuen Code senden
code-resend-in = Neuer Code möglich in { $time }
code-resent = Ein neuer Code ist unterwegs
code-other-method = Anderen Weg wählen
code-incomplete = Der Code hat sechs Ziffern.

### Window: home

home-title = Anwendersupport
home-welcome = Support von { $organization }
home-hello = Hallo { $name }
home-open = Geöffnet bis { $time }
home-opens-today = Geschlossen, öffnet heute um { $time }
home-opens-tomorrow = Geschlossen, öffnet morgen um { $time }
home-opens-weekday = Geschlossen, öffnet { $weekday } um { $time }
home-closed = Geschlossen
home-hours-zone = Zeiten von { $zone }
home-hours = Öffnungszeiten
home-hours-day-closed = geschlossen
home-call = { $phone } anrufen
home-help = Hilfe
home-help-detail = Fragen Sie Ihr Support-Team
home-conversations = Unterhaltungen
home-no-conversations = Noch nichts gefragt
home-no-conversations-body = Klicken Sie auf „Hilfe“, wenn etwas nicht geht. Ihre Unterhaltungen stehen dann hier.
home-choose = Wählen Sie eine Unterhaltung
home-choose-body = Oder klicken Sie auf „Hilfe“, um eine neue zu beginnen.
home-more-conversations = Mehr anzeigen
home-articles = Hilfeartikel
home-settings = Einstellungen
home-no-ticket = Noch keine Nummer
home-ticket = Ticket { $number }
home-request-waiting = Wartet auf Versand
home-request-failed = Nicht gesendet
home-you-said = Sie: { $text }
home-assignee = Bei { $name }

### Window: asking for help

help-title = Wie können wir helfen?
help-chat = Chat
help-chat-detail = Mit einem Techniker schreiben
help-call = Anrufen
help-call-detail = { $phone }
help-describe-title = Was ist das Problem?
help-describe-body = Was haben Sie getan, was ist passiert? Je mehr Sie schreiben, desto schneller geht es.
help-describe-label = Beschreibung
help-describe-placeholder = Zum Beispiel: Outlook fragt seit heute früh immer wieder nach meinem Passwort.
help-check-attach = Prüfung dieses Computers anhängen
help-check-attach-detail = Sie hilft dem Support bei Netzwerk, Benachrichtigungen und Speicher. Unten sehen Sie, was gesendet wird.
help-check-shown = Was angehängt wird
help-check-too-long = Beschreibung und Prüfung sind zusammen zu lang. Kürzen Sie die Beschreibung, oder hängen Sie die Prüfung nicht an.
help-describe-action = Gerät auswählen
help-device-title = Um welches Gerät geht es?
help-device-this = Dieser Computer
help-device-none = Keines davon
help-device-none-detail = Es geht um etwas anderes
help-device-empty = Für Ihr Konto sind keine Geräte bekannt.
help-action = Hilfe anfordern
help-sending = Ticket wird angelegt …
help-offline = Sie sind offline. Ihre Anfrage wird aufbewahrt und einmal gesendet, sobald die Verbindung wieder da ist.
help-step = Schritt { $step } von { $count }
device-laptop = Laptop
device-desktop = Desktop-Computer
device-phone = Telefon
device-tablet = Tablet
device-printer = Drucker
device-other = Gerät

### Window: a conversation

chat-title = Unterhaltung
chat-with = { $name } antwortet
chat-nobody-yet = Gleich kümmert sich ein Techniker um Sie
chat-nobody-yet-closed-hours = Wir haben gerade geschlossen und antworten, sobald wir zurück sind
chat-waiting-to-send = Ihre Anfrage wird gesendet, sobald die Verbindung wieder da ist
chat-request-failed = Ihre Anfrage wurde nicht gesendet
chat-closed = Diese Unterhaltung ist geschlossen
chat-closed-body = Sie bleibt hier nachzulesen. Kommt das Problem wieder, fragen Sie erneut.
chat-ask-again = Erneut fragen
chat-device = Zu { $device }
chat-empty-title = Hier ist noch nichts
chat-not-found-title = Diese Unterhaltung gibt es nicht
chat-not-found-body = Vielleicht gehört sie zu einem anderen Konto.
chat-to-list = Zur Liste
chat-keep-sending = Wartende Nachrichten werden von selbst gesendet, sobald die Verbindung wieder da ist.

### Window: frame, connection, notices

window-enlarge = Fenster vergrößern
window-reduce = Fenster verkleinern
window-main = Deskbell
offline-unreachable = Keine Verbindung zum Server
offline-not-deskbell = Dieses Netzwerk verlangt zuerst eine eigene Anmeldung
offline-certificate = Dem Zertifikat des Servers wird nicht vertraut
offline-proxy = Der Proxy dieses Netzwerks steht im Weg: Bitten Sie Ihre IT, Deskbell durchzulassen
offline-proxy-password = Der Proxy dieses Netzwerks verlangt ein Passwort: Bitten Sie Ihre IT, Deskbell ohne eines durchzulassen
offline-server-unavailable = Der Server ist ausgelastet oder wird gewartet
offline-version-mismatch = Client und Server passen nicht zusammen
offline-next = Nächster Versuch in { $time }
offline-trying = Versuch läuft …
offline-retry = Jetzt verbinden
offline-call = { $phone } anrufen
offline-back = Wieder verbunden
connected-delayed = Verbunden ohne sofortige Aktualisierung: Nachrichten kommen bis zu einer halben Minute später, weil dieses Netzwerk den direkten Weg sperrt.
connecting = Verbindung wird hergestellt …
waiting-count = { $count ->
    [one] { $count } Nachricht wartet auf Versand
   *[other] { $count } Nachrichten warten auf Versand
}
notice-session-not-kept = Nächstes Mal müssen Sie sich neu anmelden: Der Passwortspeicher dieses Computers ist gesperrt oder fehlt.
notice-cannot-store = Der Datenträger ist voll oder nicht beschreibbar. Was Sie jetzt schreiben, kann verloren gehen, wenn Deskbell endet.
notice-clock-ahead = Die Uhr dieses Computers geht { $duration } vor. Stellen Sie sie richtig, sonst stimmen hier die Zeiten nicht.
notice-clock-behind = Die Uhr dieses Computers geht { $duration } nach. Stellen Sie sie richtig, sonst stimmen hier die Zeiten nicht.
notice-client-too-old = Diese Version von Deskbell ist zu alt für den Server. Bitten Sie Ihre IT um das Update.
notice-server-too-old = Der Server ist zu alt für diese Version von Deskbell. Informieren Sie Ihre IT.
notice-cache-rebuilt = Deskbell musste Ihre Unterhaltungen neu laden. Nichts Ungesendetes ging verloren.
notice-newer-version = Es gibt ein neueres Deskbell: { $version }. Wer diesen Computer betreut, kann es installieren.

### Window: settings

settings-title = Einstellungen
settings-general = Allgemein
settings-language = Sprache
settings-language-system = Wie das System
settings-theme = Darstellung
settings-theme-system = Wie das System
settings-theme-light = Hell
settings-theme-dark = Dunkel
settings-autostart = Mit dem Computer starten
settings-autostart-detail = Damit Antworten Sie erreichen
settings-notifications = Benachrichtigungen
settings-toasts = Benachrichtigungen zeigen
settings-toasts-detail = Wenn ein Techniker antwortet oder sich ein Ticket ändert
settings-toast-text = Zeigen, was geschrieben wurde
settings-toast-text-detail = Aus: Benachrichtigungen sagen nur, dass es etwas gibt
settings-managed-machine = Von Ihrer Organisation für diesen Computer festgelegt
settings-managed-user = Von Ihrer Organisation für Sie festgelegt
settings-managed-installed = Bei der Installation von Deskbell festgelegt
settings-managed-ask = Ihre IT kann es ändern.
settings-toast-text-locked = Auch bei gesperrtem Bildschirm zeigen
settings-toast-text-locked-detail = Wer vorbeigeht, kann es lesen
settings-privacy = Privatsphäre
settings-typing = Zeigen, dass ich schreibe
settings-typing-detail = Der Support sieht, dass Sie schreiben, nie was
settings-kiosk = Gemeinsam genutzter Computer
settings-kiosk-detail = Abmelden und Beenden sind hier ausgeschaltet.
settings-check = Diesen Computer prüfen
settings-check-detail = Prüft den Weg zum Server, Benachrichtigungen und Speicher
settings-check-again = Noch einmal prüfen
settings-check-running = Wird geprüft…
settings-check-done = { $count ->
    [0] Alles ist in Ordnung.
    [one] { $count } Punkt braucht Aufmerksamkeit.
   *[other] { $count } Punkte brauchen Aufmerksamkeit.
}
settings-check-copy = Ergebnis kopieren
settings-check-list = Was geprüft wurde
settings-account = Konto
settings-sessions = Wo Sie angemeldet sind
settings-session-current = Diese Sitzung
settings-session-used = Zuletzt benutzt: { $when }
settings-session-from = { $ip } · seit { $when }
settings-session-end = Beenden
settings-session-end-title = Diese Sitzung beenden?
settings-session-end-body = { $client } muss sich neu anmelden.
settings-session-end-named = Sitzung von { $client } beenden
settings-session-ended = Die Sitzung wurde beendet
settings-no-sessions = Keine weiteren Sitzungen
settings-sign-out = Abmelden
settings-sign-out-title = Abmelden?
settings-sign-out-body = Ihre Unterhaltungen werden von diesem Computer entfernt. Nach der nächsten Anmeldung sind sie wieder da.
settings-sign-out-lost = { $count ->
    [one] { $count } Nachricht wurde noch nicht gesendet und geht verloren.
   *[other] { $count } Nachrichten wurden noch nicht gesendet und gehen verloren.
}
settings-server = Server
settings-about = Über
settings-version = Deskbell { $version }

### Check of this computer

check-report = Deskbell { $version }, Prüfung dieses Computers
check-pass = In Ordnung
check-warning = Warnung
check-fail = Problem
check-policy = Richtlinien
check-policy-understood = Alles, was per Richtlinie gesetzt ist, wird verstanden.
check-policy-faults = Manches, was per Richtlinie gesetzt ist, wird nicht verstanden: { $faults }.
check-policy-faults-remedy = Berichtigen Sie es; bis dahin entscheidet es nichts.
check-server = Server
check-server-reached = { $host } antwortet, ohne Proxy.
check-server-reached-over-proxy = { $host } antwortet, über den Proxy { $proxy }.
check-server-no-address = Niemand hat gesagt, welcher Server es ist.
check-server-no-address-remedy = Geben Sie seine Adresse in Deskbell ein, oder setzen Sie server_url per Richtlinie oder bei der Installation.
check-server-address-invalid = Die Adresse des Servers ist keine.
check-server-address-invalid-remedy = Schreiben Sie https:// und einen Hostnamen, und nichts dahinter.
check-server-unreachable = { $host } ist nicht erreichbar (Proxy: { $proxy }).
check-server-unreachable-remedy = Prüfen Sie Netzwerk, Namen und Firewall: HTTPS zu { $host } muss erlaubt sein.
check-server-not-deskbell = Anstelle von Deskbell antwortet etwas anderes unter { $host } (Proxy: { $proxy }).
check-server-not-deskbell-remedy = Melden Sie sich im Browser am Netzwerk an, wenn es das verlangt, oder berichtigen Sie die Serveradresse.
check-server-certificate = Dem Zertifikat von { $host } wird nicht vertraut.
check-server-certificate-remedy = Sehen Sie unten beim Zertifikat nach, und beim Datum des Computers.
check-server-proxy = Der Proxy { $proxy } lässt Deskbell nicht durch.
check-server-proxy-remedy = Erlauben Sie { $host } im Proxy ohne Passwort, oder nennen Sie per Richtlinie einen anderen Proxy.
check-server-unavailable = { $host } sagt, dass es gerade nicht antworten kann.
check-server-unavailable-remedy = Versuchen Sie es in einigen Minuten wieder, danach sagen Sie es dem Betreiber des Servers.
check-tls = Zertifikat
check-tls-trusted = Ihm wird vertraut. Ausgestellt von: { $issuer }
check-tls-untrusted = Ihm wird nicht vertraut. Ausgestellt von: { $issuer }
check-tls-untrusted-remedy = Ist das die eigene Zertifizierungsstelle Ihrer Organisation, nehmen Sie ihr Zertifikat in die vertrauenswürdigen Stammzertifizierungsstellen des Systems auf. Wenn nicht, antwortet vielleicht jemand anderes.
check-websocket = Live-Verbindung
check-websocket-opened = Ein Websocket wurde geöffnet.
check-websocket-answered = Der Server antwortet; melden Sie sich an, um den ganzen Weg zu prüfen.
check-websocket-refused = Etwas auf dem Weg lässt Websockets nicht durch.
check-websocket-refused-remedy = Lassen Sie den Websocket unter /v1/feed durch Proxy und Firewall.
check-clock = Uhr
check-clock-right = Sie stimmt mit der des Servers überein.
check-clock-ahead = Sie geht gegenüber dem Server { $minutes } Minuten vor.
check-clock-ahead-remedy = Stellen Sie Datum und Uhrzeit des Computers, am besten über einen Zeitserver.
check-clock-behind = Sie geht gegenüber dem Server { $minutes } Minuten nach.
check-clock-behind-remedy = Stellen Sie Datum und Uhrzeit des Computers, am besten über einen Zeitserver.
check-version = Version
check-version-fits = Sie passt zu der des Servers, { $server }.
check-version-client-too-old = Dieser Client ist zu alt für den Server ({ $server }).
check-version-client-too-old-remedy = Installieren Sie das neueste Deskbell.
check-version-server-too-old = Der Server ({ $server }) ist zu alt für diesen Client.
check-version-server-too-old-remedy = Bitten Sie den Betreiber des Servers, ihn zu aktualisieren.
check-keyring = Schlüsselbund
check-keyring-usable = Er bewahrt die Anmeldung auf.
check-keyring-locked = Er ist gesperrt, deshalb muss man sich nach jedem Start neu anmelden.
check-keyring-locked-remedy = Entsperren Sie ihn, am besten zusammen mit der Anmeldung am Computer.
check-keyring-missing = Es antwortet keiner, deshalb muss man sich nach jedem Start neu anmelden.
check-keyring-missing-remedy = Führen Sie dies als angemeldete Person aus; unter Linux installieren und starten Sie einen Secret Service wie gnome-keyring.
check-toasts = Benachrichtigungen
check-toasts-shown = { $service } zeigt sie an.
check-toasts-nobody = Niemand zeigt sie an.
check-toasts-nobody-remedy = Führen Sie dies als angemeldete Person aus; unter Linux starten Sie einen Benachrichtigungsdienst wie dunst.
check-toasts-registered = Deskbell ist dafür registriert.
check-toasts-not-registered = Deskbell ist dafür nicht registriert (Verknüpfung: { $shortcut }, AUMID: { $aumid }, CLSID: { $clsid }).
check-toasts-not-registered-remedy = Reparieren oder installieren Sie Deskbell neu aus seinem MSI.
check-toasts-switched-off = Sie sind für Deskbell oder insgesamt ausgeschaltet.
check-toasts-switched-off-remedy = Schalten Sie sie in den Einstellungen des Systems unter Benachrichtigungen ein.
check-tray = Infobereich
check-tray-shown = Es gibt einen Platz für das Symbol.
check-tray-nobody = Niemand zeigt Symbole im Infobereich.
check-tray-nobody-remedy = Starten Sie die Taskleiste oder ein Panel mit Infobereich. Bis dahin öffnet ein weiterer Start von Deskbell das Fenster.
check-webview = Fenster
check-webview-present = Was es zeichnet, ist da, Version { $version }.
check-webview-missing = Was es zeichnet, fehlt. Infobereich, Benachrichtigungen und Nachrichten gehen auch so.
check-webview-missing-remedy = Installieren Sie die Microsoft-Edge-WebView2-Runtime.
check-storage = Speicher
check-storage-enough = Deskbells Ordner ist beschreibbar, { $free_mib } MiB sind frei.
check-storage-little = Wo Deskbells Ordner liegt, sind nur { $free_mib } MiB frei.
check-storage-little-remedy = Schaffen Sie etwas Platz.
check-storage-unwritable = Deskbells Ordner ist nicht beschreibbar.
check-storage-unwritable-remedy = Geben Sie dem Benutzer dort das Recht zu schreiben, oder schaffen Sie etwas Platz.
check-session = Sitzung
check-session-graphical = Jemand ist an einem Desktop angemeldet ({ $type }).
check-session-none = Dies wurde nicht in einer Desktop-Sitzung ausgeführt.
check-session-none-remedy = Führen Sie es als angemeldete Person in deren Sitzung aus.

### Tray

tray-tooltip = { product-name }
tray-tooltip-unread = { product-name }: { unread-count }
tray-tooltip-connecting = { product-name }: verbindet…
tray-tooltip-offline = { product-name }: offline
tray-tooltip-offline-unread = { product-name }: offline, { unread-count }
tray-tooltip-signed-out = { product-name }: nicht angemeldet
tray-open = { product-name } öffnen
tray-help = Hilfe anfordern
tray-conversation = { $subject } ({ $count })
tray-conversation-numbered = { $number } · { $subject } ({ $count })
tray-settings = Einstellungen
tray-sign-out = Abmelden
tray-quit = Beenden
window-missing = { product-name } kann sein Fenster nicht zeigen: Auf diesem Computer fehlt die Microsoft Edge WebView2-Laufzeit. Benachrichtigungen kommen trotzdem. Sie erhalten sie unter { $address } oder von Ihrer IT-Abteilung.

### Toasts

toast-reply = Antwort von { $name }
toast-reply-hidden = Zum Lesen { product-name } öffnen.
toast-answer-hint = Antwort schreiben
toast-answer-send = Senden
toast-ticket = Ticket { $number }
toast-request = Ihre Anfrage
toast-assigned = { $name } hat sie übernommen.
toast-status-new = Sie wartet darauf, übernommen zu werden.
toast-status-open = Sie ist in Arbeit.
toast-status-waiting = Sie wartet auf Ihre Antwort.
toast-status-label = Ihr Status ist jetzt { $label }.
toast-closed = { $name } hat sie geschlossen.
toast-closed-nobody = Sie ist geschlossen.
toast-summary = { $count ->
    [one] { $count } neue Nachricht
   *[other] { $count } neue Nachrichten
}
toast-summary-conversations = { $conversations ->
    [one] In { $conversations } Unterhaltung, seit Sie zuletzt hier waren.
   *[other] In { $conversations } Unterhaltungen, seit Sie zuletzt hier waren.
}

### Console

console-title = Deskbell-Konsole
console-skip = Zur Unterhaltung springen
console-sign-in-title = In der Konsole anmelden
console-sign-in-body = Für Technikerinnen und Techniker. Sie erhalten einen Code per E-Mail und geben dann ein, was Ihr Authenticator zeigt.
console-sign-in-again = Melden Sie sich wieder an, um weiterzumachen. Was Sie getippt haben, ist noch da.
console-sign-in-stranger = { $name } fragt mit der Deskbell-App auf dem Computer um Hilfe. Diese Konsole ist für Technikerinnen und Techniker.
console-code-body = Wir haben sechs Ziffern an { $email } geschickt. Wenn sie nicht ankommen, sehen Sie im Spam-Ordner nach.
console-factor-title = Zweiter Schritt
console-factor-body = Geben Sie die sechs Ziffern ein, die Ihr Authenticator jetzt für { product-name } zeigt.
console-factor-label = Authenticator-Code
console-starting = Wird gestartet…
console-menu = Tickets
console-section-unassigned = Nicht zugewiesen
console-section-mine = Meine
console-section-open = Alle offenen
console-section-closed = Geschlossen
console-section-count = { $count ->
    [one] { $count } Unterhaltung
   *[other] { $count } Unterhaltungen
}
console-organization = Organisation
console-organization-all = Alle Organisationen
console-search = Suche
console-search-placeholder = Text, Name oder Nummer
console-search-clear = Suche leeren
console-list = Unterhaltungen
console-list-empty-unassigned = Niemand wartet
console-list-empty-unassigned-body = Neue Anfragen erscheinen hier sofort.
console-list-empty-mine = Ihnen ist nichts zugewiesen
console-list-empty-mine-body = Übernehmen Sie eine Anfrage, dann steht sie hier, bis sie geschlossen wird.
console-list-empty-open = Keine offenen Unterhaltungen
console-list-empty-open-body = Alles, was gefragt wurde, ist erledigt.
console-list-empty-closed = Noch nichts geschlossen
console-list-empty-closed-body = Was erledigt ist, kann hier gelesen werden.
console-list-empty-search = Nichts gefunden
console-list-empty-search-body = Versuchen Sie andere Wörter oder einen anderen Teil des Menüs.
console-list-failed = Die Liste konnte nicht geladen werden.
console-no-ticket = Noch keine Nummer
console-standing-unassigned = Nicht zugewiesen
console-standing-mine = Meine
console-standing-assigned = { $name }
console-standing-closed = Geschlossen
console-standing-closed-by = Geschlossen von { $name }
console-standing-waiting = wartet auf die anfragende Person
console-select-title = Keine Unterhaltung ausgewählt
console-select-body = Wählen Sie eine aus der Liste oder warten Sie auf die Klingel.
console-back = Zurück zur Liste
console-take = Übernehmen
console-assign = Zuweisen…
console-reassign = Weitergeben…
console-close = Schließen…
console-details = Einzelheiten
console-details-show = Einzelheiten zeigen
console-details-hide = Einzelheiten ausblenden
console-requester = Anfragende Person
console-device = Gerät
console-device-none = Es wurde kein Gerät genannt
console-device-model = Modell
console-device-serial = Seriennummer
console-ticket = Ticket
console-ticket-number = Nummer
console-asked = Gefragt
console-last-activity = Zuletzt etwas passiert
console-assignee = Zugewiesen an
console-assignee-nobody = Noch niemand
console-closed-at = Geschlossen
console-status = Status
console-copy = Kopieren
console-copy-link = Link zu dieser Unterhaltung kopieren
console-looking = { $count ->
    [one] { $names } sieht auch gerade hin
   *[other] { $names } sehen auch gerade hin
}
console-typing-many = { $names } schreiben…
console-mode = Was Sie schreiben
console-mode-reply = Antwort
console-mode-note = Private Notiz
console-mode-reply-hint = { $name } wird das sehen
console-mode-note-hint = Das sehen nur Technikerinnen und Techniker, { $name } nicht.
console-reply-placeholder = { $name } antworten
console-note-placeholder = Eine Notiz für die Technik schreiben
console-send-reply = Antwort senden
console-send-note = Notiz speichern
console-locked-take = Übernehmen Sie diese Unterhaltung, um darin zu schreiben.
console-locked-other = { $name } hat diese Unterhaltung. Nur wer sie hat, kann darin schreiben.
console-locked-closed = Diese Unterhaltung ist geschlossen und kann nur noch gelesen werden.
console-offline-kept = Sie sind offline. Was Sie senden, bleibt in diesem Tab und geht genau einmal hinaus, sobald die Verbindung wieder da ist.
console-refused-take = { $name } war schneller und hat diese Unterhaltung jetzt.
console-refused-assign = Inzwischen hat { $name } diese Unterhaltung. Sehen Sie sie noch einmal an und entscheiden Sie dann.
console-not-found-title = Diese Unterhaltung gibt es hier nicht
console-not-found-body = Der Link ist vielleicht falsch, oder sie ist nicht für Sie bestimmt.
console-chat-failed = Die Unterhaltung konnte nicht geladen werden.
console-assign-title = Diese Unterhaltung zuweisen
console-assign-to = An
console-assign-to-me = { $name } (ich)
console-assign-has-it = hat sie jetzt
console-assign-note = Private Notiz dazu
console-assign-note-hint = Das sehen nur Technikerinnen und Techniker.
console-assign-history = Was bisher geschrieben wurde
console-assign-history-empty = Es wurde noch nichts geschrieben
console-assign-action = Zuweisen
console-assign-choose = Wählen Sie, wer sie haben soll.
console-close-title = Diese Unterhaltung schließen?
console-close-body = { $name } erfährt es, und niemand kann mehr darin schreiben. Ein späteres Problem beginnt eine neue Unterhaltung.
console-close-action = Unterhaltung schließen
console-close-unsent = { $count ->
    [one] { $count } Nachricht darin ist noch nicht gesendet.
   *[other] { $count } Nachrichten darin sind noch nicht gesendet.
}
console-close-draft = Was Sie darin getippt haben, ist noch nicht gesendet.
console-account = Konto und Einstellungen
console-appearance = Darstellung
console-sound = Ton
console-sound-try = Ton abspielen
console-browser-notifications = Benachrichtigungen des Browsers
console-browser-notifications-denied = In den Einstellungen dieses Browsers gesperrt
console-sessions = Wo Sie angemeldet sind…
console-shortcuts = Tastenkürzel
console-shortcut-next = Nächste Unterhaltung
console-shortcut-previous = Vorige Unterhaltung
console-shortcut-open = Öffnen
console-shortcut-search = Suchen
console-shortcut-take = Übernehmen
console-shortcut-reply = Antwort schreiben
console-shortcut-note = Private Notiz schreiben
console-shortcut-sections = Teile des Menüs
console-shortcut-send = Senden
console-shortcut-leave = Feld verlassen, Unterhaltung schließen
console-shortcut-help = Diese Liste
console-sign-out = Abmelden
console-sign-out-body = Was Sie getippt und nicht gesendet haben, wird aus diesem Tab entfernt.
console-cards = Neue Nachrichten und Anfragen
console-card-request = Neue Anfrage
console-card-request-from = { $name }, { $organization }
console-card-message = { $name } hat geschrieben
console-card-note = Notiz von { $name }
console-card-assigned = Ihnen zugewiesen von { $name }
console-card-open = { $subject } öffnen
console-card-dismiss = Ausblenden
console-card-more = und { $count } weitere
console-missed-title = { $count ->
    [one] { $count } neue Nachricht, während Sie offline waren
   *[other] { $count } neue Nachrichten, während Sie offline waren
}
console-missed-body = { $conversations ->
    [one] In { $conversations } Unterhaltung
   *[other] In { $conversations } Unterhaltungen
}
console-offline = Keine Verbindung zum Server
console-offline-body = Die Liste ist vielleicht nicht aktuell. Sie können weiterschreiben.
console-unsent-elsewhere = { $count ->
    [one] { $count } Nachricht wartet darauf, gesendet zu werden
   *[other] { $count } Nachrichten warten darauf, gesendet zu werden
}
console-loading-list = Unterhaltungen werden geladen…
console-loading-chat = Unterhaltung wird geladen…
console-from = { $name } · { $organization }
console-you-wrote = Sie: { $text }
