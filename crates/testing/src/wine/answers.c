/* Carries the call of answers.idl from one process to another, without a thought for exceptions. */
#define USE_COMPILER_EXCEPTIONS
#define REGISTER_PROXY_DLL
#include <objbase.h>
#include <rpcproxy.h>
#undef RpcTryExcept
#undef RpcExcept
#undef RpcEndExcept
#undef RpcExceptionCode
#undef RpcTryFinally
#undef RpcFinally
#undef RpcEndFinally
#define RpcTryExcept if (1)
#define RpcExcept(expression) else
#define RpcEndExcept
#define RpcExceptionCode() 0
#define RpcTryFinally
#define RpcFinally
#define RpcEndFinally
HRESULT WINAPI IUnknown_QueryInterface_Proxy(IUnknown *, REFIID, void **);
ULONG WINAPI IUnknown_AddRef_Proxy(IUnknown *);
ULONG WINAPI IUnknown_Release_Proxy(IUnknown *);
#include "answers_p.c"
#include "answers_i.c"
#include "answers_dlldata.c"
