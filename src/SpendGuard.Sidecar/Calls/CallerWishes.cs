using System.Globalization;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>How a caller wants its call to be held, where the sidecar leaves that to it.</summary>
/// <param name="Wait">How long it may wait while its budget is locked, at most as long as the sidecar lets it; null for that.</param>
/// <param name="ApprovalWait">How long it may wait for approval, as far as the sidecar lets it; not at all unless it says that it waits.</param>
/// <param name="LeastOutput">The output, in tokens, below which the call is of no use to it; null for what the sidecar goes by.</param>
/// <param name="RunLimit">What its run may cost in all; null where it does not say.</param>
internal sealed record CallerWishes(TimeSpan? Wait, TimeSpan ApprovalWait, long? LeastOutput, Money? RunLimit)
{
    /// <summary>What the headers of a request say.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="caller">Who makes it, in which run.</param>
    /// <exception cref="BadRequestException">One of them cannot be read, or is about a run that has no id.</exception>
    public static CallerWishes Of(IHeaderDictionary headers, Caller caller)
    {
        var wait = ReadWait(headers);
        return new CallerWishes(wait, wait ?? TimeSpan.Zero, ReadLeastOutput(headers), ReadRunLimit(headers, caller));
    }

    /// <summary>How long it waits for approval where the sidecar lets it wait so long at most.</summary>
    public TimeSpan ApprovalWaitWithin(TimeSpan most) => ApprovalWait < most ? ApprovalWait : most;

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

    private static Money? ReadRunLimit(IHeaderDictionary headers, Caller caller) => headers[CallHeaders.RunLimit].ToString() switch
    {
        "" => null,
        _ when caller.Run is null => throw new BadRequestException(
            $"The header {CallHeaders.RunLimit} is for a run, and the call names none. Send the id of the run as {CallHeaders.Run}, the same with every call of it."),
        var said when long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var cents) && cents >= 1 => Money.FromCents(cents),
        _ => throw new BadRequestException($"The header {CallHeaders.RunLimit} has to be a whole number of cents of at least 1."),
    };
}
