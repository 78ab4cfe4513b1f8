using Microsoft.Extensions.Logging;

namespace SpendGuard.AspNetCore;

internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Error, "A call was refused, and its caller was not told why.")]
    public static partial void Withheld(ILogger logger, Exception exception);
}
