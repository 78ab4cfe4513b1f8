using Microsoft.Extensions.Logging;

namespace SpendGuard.Extensions.AI;

internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Warning,
        "What the client of {Provider} sends cannot be seen, as it has a transport of its own: its retries are not held for, and a call that fails is charged in full. Turn its retries off, or let it send by .NET's SocketsHttpHandler.")]
    public static partial void AttemptsNotSeen(ILogger logger, string? provider);
}
