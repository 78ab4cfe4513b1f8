using System.Globalization;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>How a caller wants its call to be held, where the sidecar leaves that to it.</summary>
/// <param name="Wait">How long it may wait while its budget is locked, at most as long as the sidecar lets it; null for that.</param>
/// <param name="LeastOutput">The output, in tokens, below which the call is of no use to it; null for what the sidecar goes by.</param>
internal sealed record CallerWishes(TimeSpan? Wait, long? LeastOutput)
{
    /// <summary>What the headers of a request say.</summary>
    /// <exception cref="BadRequestException">One of them cannot be read.</exception>
    public static CallerWishes Of(IHeaderDictionary headers) => new(ReadWait(headers), ReadLeastOutput(headers));

    private static TimeSpan? ReadWait(IHeaderDictionary headers) => headers[CallHeaders.Wait].ToString() switch
    {
        "" => null,
        var said when decimal.TryParse(said, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) =>
            seconds < (decimal)TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds((double)seconds) : TimeSpan.MaxValue,
        _ => throw new BadRequestException($"The header {CallHeaders.Wait} has to be a number of seconds, such as 5, or 0 to be refused at once."),
    };

    private static long? ReadLeastOutput(IHeaderDictionary headers) => headers[CallHeaders.LeastOutput].ToString() switch
    {
        "" => null,
        var said when long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens >= 1 => tokens,
        _ => throw new BadRequestException($"The header {CallHeaders.LeastOutput} has to be a number of tokens of at least 1."),
    };
}
