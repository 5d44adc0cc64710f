# Every text of window, console, tray and toasts. Both catalogues have the same keys and values; a test compares them.
# Say what to do, not only what went wrong. "Ticket" is the record with a number, "conversation" the chat.

### Everywhere

product-name = Deskbell
cancel = Cancel
close = Close
back = Back
retry = Try again
discard = Discard
continue = Continue
loading = Loading…
optional = optional
unread-count = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
copied = Copied
more-options = More options

### Times

age-now = now
age-minutes = { $count } min
age-hours = { $count } h
age-days = { $count } d
age-asked = Asked { $when }
day-today = Today
day-yesterday = Yesterday

### People and status

you = You
role-technician = Support
role-admin = Support
status-new = New
status-open = In progress
status-waiting = Waiting for you
status-closed = Closed

### Chat

chat-lines = Messages
chat-new-messages = New messages
chat-older = Show older messages
chat-loading-older = Loading older messages…
chat-start = This is where it began
chat-to-newest = To the newest message
chat-to-new = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
chat-typing = { $name } is typing…
chat-said = { $name }: { $text }
chat-note = Private note
chat-note-hint = Only technicians see this
delivery-waiting = Waiting to be sent
delivery-sent = Sent
delivery-delivered = Delivered
delivery-read = Read { $when }
delivery-failed = Not sent
update-ticket-created = Ticket { $number } was created
update-assigned = { $name } has taken over
update-status = Status: { $status }
update-closed = Closed
update-closed-by = Closed by { $name }
update-unknown = Something changed

### Writing

composer-label = Message
composer-placeholder = Write a message
composer-send = Send
composer-hint = Enter sends, Shift and Enter begins a new line
composer-tools = Formatting
composer-bold = Bold
composer-italic = Italic
composer-link = Link
composer-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
composer-too-long = { $count ->
    [one] { $count } character too long
   *[other] { $count } characters too long
}
link-text = Text
link-address = Address
link-address-hint = Begins with https://
link-add = Add link
link-add-title = Add a link

### Opening links

link-open-title = Open this link?
link-open-body = It leads to:
link-open-mail = It writes an e-mail to:
link-open-misleads = The text of this link names another address than the one it leads to. Open it only if you expect that.
link-open-insecure = The connection is not encrypted: others may read what you enter there.
link-open-action = Open
link-refused = This link is not opened: its kind is not safe.

### Failures: what happened, then what to do

failure-unreachable = The server cannot be reached.
failure-unreachable-action = Check the network connection, then try again.
failure-not-deskbell = Something else answered in place of Deskbell.
failure-not-deskbell-action = If this network has a sign-in page, open it in your browser first. Otherwise check the server address.
failure-certificate = The server's certificate is not trusted.
failure-certificate-action = Check the computer's date and the server address, or ask your IT.
failure-proxy = The proxy of this network stands in the way.
failure-proxy-action = Ask your IT to let Deskbell through the proxy.
failure-proxy-password = The proxy of this network asks for a password.
failure-proxy-password-action = Ask your IT to let Deskbell through it without one.
failure-address-invalid = This is not a server address.
failure-address-invalid-action = It begins with https:// and your IT can tell you.
failure-not-now = This cannot be done right now.
failure-not-now-action = Go back and try again.
failure-text-empty = There is no text.
failure-text-empty-action = Write something first.
failure-text-too-long = The text is too long.
failure-text-too-long-action = Shorten it or send it in parts.
failure-server-too-old = The server is too old for this version of Deskbell.
failure-server-too-old-action = Tell your IT: the server needs an update.
failure-cannot-store = It could not be saved on this computer.
failure-cannot-store-action = Free some disk space, then try again.
failure-managed = Your organization has set this.
failure-managed-action = Ask your IT if it should be different.
failure-bad-request = The server did not understand this.
failure-bad-request-action = Try again. If it stays, tell your IT.
failure-invalid-field = Something entered is not valid.
failure-invalid-field-action = Check it and try again.
failure-too-large = This is larger than allowed.
failure-too-large-action = Shorten it or send it in parts.
failure-unsupported-media-type = The server does not take this kind of content.
failure-unsupported-media-type-action = Try again. If it stays, tell your IT.
failure-method-not-allowed = The server does not know how to do this.
failure-method-not-allowed-action = Deskbell may need an update. Tell your IT.
failure-not-found = This is not there, or not for you.
failure-not-found-action = Go back to the list.
failure-not-signed-in = You are not signed in.
failure-not-signed-in-action = Sign in and try again.
failure-session-expired = You were signed out because it has been a while.
failure-session-expired-action = Sign in again.
failure-session-ended = This session was ended.
failure-session-ended-action = Sign in again. If that was not you, tell your IT.
failure-forbidden = You are not allowed to do this.
failure-forbidden-action = Ask your IT if you should be.
failure-foreign-origin = The request came from another page.
failure-foreign-origin-action = Load this page again.
failure-second-factor-required = One more step is needed.
failure-second-factor-required-action = Enter the code your authenticator shows.
failure-code-invalid = This code is not right.
failure-code-invalid-action = Check the digits and enter them again.
failure-code-invalid-left = { $count ->
    [0] No tries left. Ask for a new code.
    [one] { $count } try left.
   *[other] { $count } tries left.
}
failure-code-used = This code has been used already.
failure-code-used-action = Ask for a new code.
failure-code-expired = This code is too old.
failure-code-expired-action = Ask for a new code.
failure-challenge-exhausted = Too many wrong codes.
failure-challenge-exhausted-action = Begin again to get a new code.
failure-account-throttled = Too many wrong codes for this account.
failure-account-throttled-action = Wait a while, then begin again.
failure-rate-limited = That was too often in a short time.
failure-rate-limited-action = Wait a moment, then try again.
failure-retry-after = { $seconds ->
    [one] Possible again in { $seconds } second.
   *[other] Possible again in { $seconds } seconds.
}
failure-retry-after-minutes = { $minutes ->
    [one] Possible again in { $minutes } minute.
   *[other] Possible again in { $minutes } minutes.
}
failure-sms-unavailable = A text message cannot be sent to this number.
failure-sms-unavailable-action = Check the number with its country code, or get the code by e-mail.
failure-not-assigned = Only who has taken this conversation can do that.
failure-not-assigned-action = Take it first, or ask the one who has it.
failure-already-assigned = Somebody else has taken it.
failure-already-assigned-action = Ask the one who has it.
failure-conversation-closed = This conversation is closed.
failure-conversation-closed-action = Ask for help again to begin a new one.
failure-id-conflict = This exists already with other content.
failure-id-conflict-action = Discard it and write it again.
failure-client-too-old = This version of Deskbell is too old for the server.
failure-client-too-old-action = Ask your IT for the update.
failure-internal = The server failed.
failure-internal-action = Try again in a moment.
failure-unavailable = The server cannot do this right now.
failure-unavailable-action = Try again in a moment.
failure-unknown = Something went wrong.
failure-unknown-action = Try again. If it stays, tell your IT.

### Window: server address

server-title = Welcome to Deskbell
server-body = Which server does your organization use? Your IT can tell you.
server-label = Server address
server-placeholder = https://support.example.com
server-action = Connect
server-checking = Connecting…

### Window: signing in

sign-in-title = Sign in
sign-in-body = Enter your work e-mail address. You will get a code to confirm that it is you.
sign-in-email = Work e-mail
sign-in-email-placeholder = name@company.com
sign-in-email-wrong = Enter a whole e-mail address, like name@company.com.
sign-in-action = Continue
sign-in-organization = Support for { $organization }
sign-in-server = Server: { $server }
method-title = How should the code reach you?
method-body = Signing in as { $email }
method-email = E-mail
method-email-detail = To { $email }
method-sms = Text message
method-sms-detail = To your mobile phone
method-phone = Mobile number
method-phone-placeholder = +49 151 23456789
method-phone-hint = The full number with country code, as your organization has it.
method-phone-wrong = Enter the full number, beginning with + and the country code.
method-action = Send code
method-other-address = Use another address
code-title = Enter the code
code-sent-email = We sent six digits to { $to }. If it is not there, look in the spam folder.
code-sent-sms = We sent six digits by text message to { $to }.
code-label = Six-digit code
code-action = Sign in
code-checking = Checking…
code-expires = Good for { $time }
code-expired-title = The code has run out
code-expired-body = Ask for a new one. The old one no longer works.
code-resend = Send a new code
code-resend-in = New code possible in { $time }
code-resent = A new code is on its way
code-other-method = Choose another way
code-incomplete = The code has six digits.

### Window: home

home-title = User support
home-welcome = { $organization } support
home-hello = Hello { $name }
home-open = Open until { $time }
home-opens-today = Closed, opens today at { $time }
home-opens-tomorrow = Closed, opens tomorrow at { $time }
home-opens-weekday = Closed, opens { $weekday } at { $time }
home-closed = Closed
home-hours-zone = Times of { $zone }
home-hours = Opening hours
home-hours-day-closed = closed
home-call = Call { $phone }
home-help = Help
home-help-detail = Ask your support team
home-conversations = Conversations
home-no-conversations = Nothing asked yet
home-no-conversations-body = Press Help when something does not work. Your conversations will be here.
home-choose = Choose a conversation
home-choose-body = Or press Help to begin a new one.
home-more-conversations = Show more
home-articles = Help articles
home-settings = Settings
home-no-ticket = No number yet
home-ticket = Ticket { $number }
home-request-waiting = Waiting to be sent
home-request-failed = Not sent
home-you-said = You: { $text }
home-assignee = With { $name }

### Window: asking for help

help-title = How can we help?
help-chat = Chat
help-chat-detail = Write with a technician
help-call = Call
help-call-detail = { $phone }
help-describe-title = What is wrong?
help-describe-body = Say what you were doing and what happened. The more you tell, the faster it goes.
help-describe-label = Description
help-describe-placeholder = For example: Outlook asks for my password again and again since this morning.
help-check-attach = Attach the check of this computer
help-check-attach-detail = It helps technicians with network, notifications and storage. You see below what is sent.
help-check-shown = What is attached
help-check-too-long = The description and the check together are too long. Shorten the description or do not attach the check.
help-describe-action = Choose the device
help-device-title = Which device is it about?
help-device-this = This computer
help-device-none = None of the above
help-device-none-detail = It is about something else
help-device-empty = No devices are known for your account.
help-action = Ask for help
help-sending = Creating the ticket…
help-offline = You are offline. Your request is kept and sent once as soon as the connection is back.
help-step = Step { $step } of { $count }
device-laptop = Laptop
device-desktop = Desktop computer
device-phone = Phone
device-tablet = Tablet
device-printer = Printer
device-other = Device

### Window: a conversation

chat-title = Conversation
chat-with = { $name } answers
chat-nobody-yet = A technician will be with you soon
chat-nobody-yet-closed-hours = We are closed right now and will answer when we are back
chat-waiting-to-send = Your request is sent as soon as the connection is back
chat-request-failed = Your request was not sent
chat-closed = This conversation is closed
chat-closed-body = It stays here to read. If the problem comes back, ask again.
chat-ask-again = Ask again
chat-device = About { $device }
chat-empty-title = Nothing here yet
chat-not-found-title = This conversation is not there
chat-not-found-body = It may belong to another account.
chat-to-list = To the list
chat-keep-sending = Waiting messages are sent by themselves when the connection is back.

### Window: frame, connection, notices

window-enlarge = Enlarge the window
window-reduce = Reduce the window
window-main = Deskbell
offline-unreachable = No connection to the server
offline-not-deskbell = This network asks for its own sign-in first
offline-certificate = The server's certificate is not trusted
offline-proxy = The proxy of this network stands in the way: ask your IT to let Deskbell through
offline-proxy-password = The proxy of this network asks for a password: ask your IT to let Deskbell through without one
offline-server-unavailable = The server is busy or being serviced
offline-version-mismatch = Client and server do not fit together
offline-next = Next try in { $time }
offline-trying = Trying now…
offline-retry = Connect now
offline-call = Call { $phone }
offline-back = Connected again
connected-delayed = Connected without live updates: messages come up to half a minute later, because this network blocks the direct way.
connecting = Connecting…
waiting-count = { $count ->
    [one] { $count } message waits to be sent
   *[other] { $count } messages wait to be sent
}
notice-session-not-kept = You will have to sign in again next time: the password store of this computer is locked or missing.
notice-cannot-store = The disk is full or not writable. What you write now may be lost when Deskbell ends.
notice-clock-ahead = The clock of this computer is { $duration } ahead. Set it right, or times here are wrong.
notice-clock-behind = The clock of this computer is { $duration } behind. Set it right, or times here are wrong.
notice-client-too-old = This version of Deskbell is too old for the server. Ask your IT for the update.
notice-server-too-old = The server is too old for this version of Deskbell. Tell your IT.
notice-cache-rebuilt = Deskbell had to load your conversations anew. Nothing unsent was lost.
notice-newer-version = There is a newer Deskbell: { $version }. Whoever looks after this computer can install it.

### Window: settings

settings-title = Settings
settings-general = General
settings-language = Language
settings-language-system = Like the system
settings-theme = Appearance
settings-theme-system = Like the system
settings-theme-light = Light
settings-theme-dark = Dark
settings-autostart = Start with the computer
settings-autostart-detail = So that answers reach you
settings-notifications = Notifications
settings-toasts = Show notifications
settings-toasts-detail = When a technician answers or a ticket changes
settings-toast-text = Show what was written
settings-toast-text-detail = Off: notifications only say that there is something
settings-managed-machine = Set by your organization for this computer
settings-managed-user = Set by your organization for you
settings-managed-installed = Set when Deskbell was installed
settings-managed-ask = Your IT can change it.
settings-toast-text-locked = Show it on a locked screen too
settings-toast-text-locked-detail = Anybody who passes can read it
settings-privacy = Privacy
settings-typing = Show that I am typing
settings-typing-detail = Technicians see that you write, never what
settings-kiosk = Shared computer
settings-kiosk-detail = Signing out and quitting are switched off here.
settings-check = Check this computer
settings-check-detail = Looks at the way to the server, notifications and storage
settings-check-again = Check again
settings-check-running = Checking…
settings-check-done = { $count ->
    [0] Everything is fine.
    [one] { $count } thing needs attention.
   *[other] { $count } things need attention.
}
settings-check-copy = Copy the result
settings-check-list = What was checked
settings-account = Account
settings-sessions = Where you are signed in
settings-session-current = This session
settings-session-used = Last used { $when }
settings-session-from = { $ip } · since { $when }
settings-session-end = End
settings-session-end-title = End this session?
settings-session-end-body = { $client } will have to sign in again.
settings-session-end-named = End the session of { $client }
settings-session-ended = The session was ended
settings-no-sessions = No other sessions
settings-sign-out = Sign out
settings-sign-out-title = Sign out?
settings-sign-out-body = Your conversations are removed from this computer. They are still there when you sign in again.
settings-sign-out-lost = { $count ->
    [one] { $count } message has not been sent yet and will be lost.
   *[other] { $count } messages have not been sent yet and will be lost.
}
settings-server = Server
settings-about = About
settings-version = Deskbell { $version }

### Check of this computer

check-report = Deskbell { $version }, check of this computer
check-pass = Fine
check-warning = Warning
check-fail = Problem
check-policy = Policies
check-policy-understood = All that is set by policy is understood.
check-policy-faults = Some of what is set by policy is not understood: { $faults }.
check-policy-faults-remedy = Correct it; until then it decides nothing.
check-server = Server
check-server-reached = { $host } answers, without a proxy.
check-server-reached-over-proxy = { $host } answers, over the proxy { $proxy }.
check-server-no-address = Nobody has said which server to use.
check-server-no-address-remedy = Enter its address in Deskbell, or set server_url by policy or at the installation.
check-server-address-invalid = The server's address is not one.
check-server-address-invalid-remedy = Write https:// and a host name, and nothing behind it.
check-server-unreachable = { $host } cannot be reached (proxy: { $proxy }).
check-server-unreachable-remedy = Check the network, the name and the firewall: HTTPS to { $host } must be allowed.
check-server-not-deskbell = Something else answers in place of Deskbell at { $host } (proxy: { $proxy }).
check-server-not-deskbell-remedy = Sign in to the network in a browser if it asks for it, or correct the server's address.
check-server-certificate = The certificate of { $host } is not trusted.
check-server-certificate-remedy = See the check of the certificate below, and the computer's date.
check-server-proxy = The proxy { $proxy } does not let Deskbell through.
check-server-proxy-remedy = Allow { $host } in the proxy without a password, or name another proxy by policy.
check-server-unavailable = { $host } says that it cannot answer now.
check-server-unavailable-remedy = Try again in some minutes, then tell who runs the server.
check-tls = Certificate
check-tls-trusted = It is trusted. Issued by: { $issuer }
check-tls-untrusted = It is not trusted. Issued by: { $issuer }
check-tls-untrusted-remedy = If this is your organization's own authority, add its certificate to the system's trusted root authorities. If not, somebody else may be answering.
check-websocket = Live connection
check-websocket-opened = A websocket was opened.
check-websocket-answered = The server answers; sign in to check the whole way.
check-websocket-refused = Something on the way does not let websockets pass.
check-websocket-refused-remedy = Let the proxy or firewall pass the websocket at /v1/feed.
check-clock = Clock
check-clock-right = It agrees with the server's.
check-clock-ahead = It is { $minutes } minutes ahead of the server's.
check-clock-ahead-remedy = Set the computer's date and time, best by letting it follow a time server.
check-clock-behind = It is { $minutes } minutes behind the server's.
check-clock-behind-remedy = Set the computer's date and time, best by letting it follow a time server.
check-version = Version
check-version-fits = It fits the server's, { $server }.
check-version-client-too-old = This client is too old for the server ({ $server }).
check-version-client-too-old-remedy = Install the newest Deskbell.
check-version-server-too-old = The server ({ $server }) is too old for this client.
check-version-server-too-old-remedy = Tell who runs the server to update it.
check-keyring = Keyring
check-keyring-usable = It keeps the session.
check-keyring-locked = It is locked, so people are asked to sign in again after every start.
check-keyring-locked-remedy = Unlock it, best together with signing in to the computer.
check-keyring-missing = There is none that answers, so people are asked to sign in again after every start.
check-keyring-missing-remedy = Run this as the person who is signed in; on Linux install and start a Secret Service such as gnome-keyring.
check-toasts = Notifications
check-toasts-shown = They are shown by { $service }.
check-toasts-nobody = Nobody shows them.
check-toasts-nobody-remedy = Run this as the person who is signed in; on Linux start a notification daemon such as dunst.
check-toasts-registered = Deskbell is registered for them.
check-toasts-not-registered = Deskbell is not registered for them (shortcut: { $shortcut }, AUMID: { $aumid }, CLSID: { $clsid }).
check-toasts-not-registered-remedy = Repair or reinstall Deskbell from its MSI.
check-toasts-switched-off = They are switched off for Deskbell or for everything.
check-toasts-switched-off-remedy = Switch them on in the system's settings, under Notifications.
check-tray = Tray
check-tray-shown = There is a place for the icon.
check-tray-nobody = Nobody shows tray icons.
check-tray-nobody-remedy = Start the taskbar or a panel with a tray. Until then, starting Deskbell again opens its window.
check-webview = Window
check-webview-present = What draws it is there, version { $version }.
check-webview-missing = What draws it is missing. Tray, notifications and messages work without it.
check-webview-missing-remedy = Install the Microsoft Edge WebView2 Runtime.
check-storage = Storage
check-storage-enough = Deskbell's folder can be written, { $free_mib } MiB are free.
check-storage-little = Only { $free_mib } MiB are free where Deskbell's folder is.
check-storage-little-remedy = Free some space.
check-storage-unwritable = Deskbell's folder cannot be written.
check-storage-unwritable-remedy = Give the user the right to write there, or free some space.
check-session = Session
check-session-graphical = Somebody is signed in at a desktop ({ $type }).
check-session-none = This was not run in a desktop session.
check-session-none-remedy = Run it as the person who is signed in, in their session.

### Tray

tray-tooltip = { product-name }
tray-tooltip-unread = { product-name }: { unread-count }
tray-tooltip-connecting = { product-name }: connecting…
tray-tooltip-offline = { product-name }: offline
tray-tooltip-offline-unread = { product-name }: offline, { unread-count }
tray-tooltip-signed-out = { product-name }: not signed in
tray-open = Open { product-name }
tray-help = Ask for help
tray-conversation = { $subject } ({ $count })
tray-conversation-numbered = { $number } · { $subject } ({ $count })
tray-settings = Settings
tray-sign-out = Sign out
tray-quit = Quit
window-missing = { product-name } cannot show its window: the Microsoft Edge WebView2 Runtime is missing on this computer. Notifications still come. Install it from { $address }, or ask your IT department.

### Toasts

toast-reply = Reply from { $name }
toast-reply-hidden = Open { product-name } to read it.
toast-answer-hint = Write an answer
toast-answer-send = Send
toast-ticket = Ticket { $number }
toast-request = Your request
toast-assigned = { $name } has taken it.
toast-status-new = It waits to be taken.
toast-status-open = Work on it goes on.
toast-status-waiting = It waits for your answer.
toast-status-label = Its status is now { $label }.
toast-closed = { $name } has closed it.
toast-closed-nobody = It is closed.
toast-summary = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
toast-summary-conversations = { $conversations ->
    [one] In { $conversations } conversation, since you were last here.
   *[other] In { $conversations } conversations, since you were last here.
}

### Console

console-title = Deskbell console
console-skip = Skip to the conversation
console-sign-in-title = Sign in to the console
console-sign-in-body = For technicians. You will get a code by e-mail, then enter what your authenticator shows.
console-sign-in-again = Sign in again to go on. What you have typed is still there.
console-sign-in-stranger = { $name } asks for help with the Deskbell app on the computer. This console is for technicians.
console-code-body = We sent six digits to { $email }. If they are not there, look in the spam folder.
console-factor-title = Second step
console-factor-body = Enter the six digits your authenticator shows for { product-name } now.
console-factor-label = Authenticator code
console-starting = Starting…
console-menu = Tickets
console-section-unassigned = Unassigned
console-section-mine = Mine
console-section-open = All open
console-section-closed = Closed
console-section-count = { $count ->
    [one] { $count } conversation
   *[other] { $count } conversations
}
console-organization = Organization
console-organization-all = All organizations
console-search = Search
console-search-placeholder = Text, name or ticket number
console-search-clear = Clear the search
console-list = Conversations
console-list-empty-unassigned = Nobody is waiting
console-list-empty-unassigned-body = New requests appear here at once.
console-list-empty-mine = Nothing is assigned to you
console-list-empty-mine-body = Take a request and it is here until it is closed.
console-list-empty-open = No open conversations
console-list-empty-open-body = All that was asked is done.
console-list-empty-closed = Nothing closed yet
console-list-empty-closed-body = What is done can be read here.
console-list-empty-search = Nothing found
console-list-empty-search-body = Try other words, or look in another part of the menu.
console-list-failed = The list could not be loaded.
console-no-ticket = No number yet
console-standing-unassigned = Unassigned
console-standing-mine = Mine
console-standing-assigned = { $name }
console-standing-closed = Closed
console-standing-closed-by = Closed by { $name }
console-standing-waiting = waiting for the requester
console-select-title = No conversation selected
console-select-body = Choose one from the list, or wait for the bell.
console-back = Back to the list
console-take = Take
console-assign = Assign…
console-reassign = Pass on…
console-close = Close…
console-details = Details
console-details-show = Show details
console-details-hide = Hide details
console-requester = Requester
console-device = Device
console-device-none = No device was named
console-device-model = Model
console-device-serial = Serial number
console-ticket = Ticket
console-ticket-number = Number
console-asked = Asked
console-last-activity = Last activity
console-assignee = Assigned to
console-assignee-nobody = Nobody yet
console-closed-at = Closed
console-status = Status
console-copy = Copy
console-copy-link = Copy the link to this conversation
console-looking = { $count ->
    [one] { $names } is looking too
   *[other] { $names } are looking too
}
console-typing-many = { $names } are typing…
console-mode = What you write
console-mode-reply = Reply
console-mode-note = Private note
console-mode-reply-hint = { $name } will see this
console-mode-note-hint = Only technicians see this. { $name } will not.
console-reply-placeholder = Reply to { $name }
console-note-placeholder = Write a note for technicians
console-send-reply = Send reply
console-send-note = Save note
console-locked-take = Take this conversation to write in it.
console-locked-other = { $name } has this conversation. Only who has it can write in it.
console-locked-closed = This conversation is closed and can only be read.
console-offline-kept = You are offline. What you send is kept in this tab and sent once as soon as the connection is back.
console-refused-take = { $name } was faster and has this conversation now.
console-refused-assign = { $name } has this conversation meanwhile. Look at it again, then decide.
console-not-found-title = This conversation is not there
console-not-found-body = The link may be wrong, or it is not for you.
console-chat-failed = The conversation could not be loaded.
console-assign-title = Assign this conversation
console-assign-to = To
console-assign-to-me = { $name } (me)
console-assign-has-it = has it now
console-assign-note = Private note for them
console-assign-note-hint = Only technicians see this.
console-assign-history = What was written so far
console-assign-history-empty = Nothing was written yet
console-assign-action = Assign
console-assign-choose = Choose who should have it.
console-close-title = Close this conversation?
console-close-body = { $name } is told, and nobody can write in it any more. A later problem begins a new conversation.
console-close-action = Close the conversation
console-close-unsent = { $count ->
    [one] { $count } message in it has not been sent yet.
   *[other] { $count } messages in it have not been sent yet.
}
console-close-draft = What you have typed in it has not been sent.
console-account = Account and settings
console-appearance = Appearance
console-sound = Sound
console-sound-try = Play the sound
console-browser-notifications = Browser notifications
console-browser-notifications-denied = Blocked in this browser's settings
console-sessions = Where you are signed in…
console-shortcuts = Keyboard shortcuts
console-shortcut-next = Next conversation
console-shortcut-previous = Previous conversation
console-shortcut-open = Open it
console-shortcut-search = Search
console-shortcut-take = Take
console-shortcut-reply = Write a reply
console-shortcut-note = Write a private note
console-shortcut-sections = Parts of the menu
console-shortcut-send = Send
console-shortcut-leave = Leave the field, close the conversation
console-shortcut-help = This list
console-sign-out = Sign out
console-sign-out-body = What you have typed and not sent is removed from this tab.
console-cards = New messages and requests
console-card-request = New request
console-card-request-from = { $name }, { $organization }
console-card-message = { $name } wrote
console-card-note = Note from { $name }
console-card-assigned = Assigned to you by { $name }
console-card-open = Open { $subject }
console-card-dismiss = Dismiss
console-card-more = and { $count } more
console-missed-title = { $count ->
    [one] { $count } new message while you were offline
   *[other] { $count } new messages while you were offline
}
console-missed-body = { $conversations ->
    [one] In { $conversations } conversation
   *[other] In { $conversations } conversations
}
console-offline = No connection to the server
console-offline-body = The list may be out of date. You can go on writing.
console-unsent-elsewhere = { $count ->
    [one] { $count } message waits to be sent
   *[other] { $count } messages wait to be sent
}
console-loading-list = Loading conversations…
console-loading-chat = Loading the conversation…
console-from = { $name } · { $organization }
console-you-wrote = You: { $text }
