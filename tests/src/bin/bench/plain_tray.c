/* A window that nobody sees and an icon in the tray: the least that a program on Windows takes there, for
   `cargo xtask bench` to measure beside the client. */
#include <windows.h>
#include <shellapi.h>

int WINAPI WinMain(HINSTANCE instance, HINSTANCE before, LPSTR line, int show)
{
    HWND window = CreateWindowA("STATIC", "", 0, 0, 0, 0, 0, NULL, NULL, instance, NULL);
    NOTIFYICONDATAA icon = {.cbSize = sizeof icon, .hWnd = window, .uFlags = NIF_ICON | NIF_TIP};
    MSG message;

    icon.hIcon = LoadIconA(NULL, (LPCSTR)IDI_APPLICATION);
    lstrcpyA(icon.szTip, "plain");
    if (!Shell_NotifyIconA(NIM_ADD, &icon))
        return 1;
    while (GetMessageA(&message, NULL, 0, 0) > 0)
        DispatchMessageA(&message);
    return 0;
}
