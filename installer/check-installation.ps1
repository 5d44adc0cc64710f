# One step of an installation's life on a real Windows, for .github/workflows/windows.yml. Not yet run.
param([Parameter(Mandatory)][ValidateSet('install', 'start', 'upgrade', 'uninstall')][string]$Step)
$ErrorActionPreference = 'Stop'

$Msi = (Get-ChildItem deskbell-*-x64.msi | Select-Object -First 1).FullName
$Program = 'C:\Program Files\Deskbell\deskbell.exe'
$Setup = 'HKLM:\Software\Deskbell\Setup'
$AppId = 'Deskbell.Client'

$Next = (Get-ChildItem next/deskbell-*-x64.msi | Sort-Object Name | Select-Object -Last 1).FullName

function Installer([string[]]$Arguments, [int]$Code = 0) {
    $run = Start-Process msiexec -ArgumentList $Arguments -Wait -PassThru
    if ($run.ExitCode -ne $Code) { throw "msiexec $Arguments ended with $($run.ExitCode), not $Code" }
}
function Must([bool]$Holds, [string]$What) { if (-not $Holds) { throw $What } }
function Eventually([scriptblock]$Holds, [string]$What) {
    foreach ($try in 1..60) { if (& $Holds) { return }; Start-Sleep -Milliseconds 500 }
    throw "waited 30 s: $What"
}
function Start-Client { Start-Process $Program -ArgumentList '--background' }
function Clients { @(Get-Process deskbell -ErrorAction SilentlyContinue) }

switch ($Step) {
    'install' {
        Installer '/i', "`"$Msi`"", '/qn', '/l*v', 'install.log', 'SERVER_URL=https://help.example.com'
        Must (Test-Path $Program) 'the program is missing'
        Must ((Get-ItemProperty 'HKLM:\Software\Deskbell').ServerUrl -eq 'https://help.example.com') 'the server was not kept'
        Must (Test-Path 'C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Deskbell.lnk') 'no entry in the Start menu'
        Must ((Get-StartApps | Where-Object AppID -eq $AppId).Name -eq 'Deskbell') 'the entry does not carry the app id'
    }
    'start' {
        Start-Client
        Eventually { (Clients).Count -eq 1 } 'the client to run'
        # A toast of the installed app id: Windows takes it only from an app that is registered.
        $null = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
        $null = [Windows.Data.Xml.Dom.XmlDocument, Windows.Data.Xml.Dom, ContentType = WindowsRuntime]
        $xml = [Windows.Data.Xml.Dom.XmlDocument]::new()
        $xml.LoadXml('<toast><visual><binding template="ToastGeneric"><text>Deskbell</text></binding></visual></toast>')
        $toasts = [Windows.UI.Notifications.ToastNotificationManager]
        $toasts::CreateToastNotifier($AppId).Show([Windows.UI.Notifications.ToastNotification]::new($xml))
        Eventually { $toasts::History.GetHistory($AppId).Count -ge 1 } 'the toast in the notification centre'
    }
    'upgrade' {
        Must ((Clients).Count -eq 1) 'the client does not run'
        $before = (Get-ItemProperty $Setup).Version
        Installer '/i', "`"$Next`"", '/qn', '/l*v', 'upgrade.log'
        Must ((Clients).Count -eq 0) 'the client was not closed'
        Must (Test-Path $Program) 'the program is gone'
        Must ((Get-ItemProperty $Setup).Version -ne $before) 'the version is the old one'
        Must ((Get-ItemProperty 'HKLM:\Software\Deskbell').ServerUrl -eq 'https://help.example.com') 'the server was forgotten'
        Installer '/i', "`"$Msi`"", '/qn', '/l*v', 'downgrade.log' -Code 1603
    }
    'uninstall' {
        Start-Client
        Eventually { (Clients).Count -eq 1 } 'the client to run'
        Installer '/x', "`"$Next`"", '/qn', '/l*v', 'uninstall.log'
        Must ((Clients).Count -eq 0) 'the client was not closed'
        Must (-not (Test-Path 'C:\Program Files\Deskbell')) 'the folder is left'
        foreach ($key in 'HKLM:\Software\Deskbell', 'HKLM:\Software\Classes\deskbell', "HKLM:\Software\Classes\AppUserModelId\$AppId") {
            Must (-not (Test-Path $key)) "$key is left"
        }
        Must (Test-Path "$env:LOCALAPPDATA\Deskbell") 'the user''s data is gone'
    }
}
