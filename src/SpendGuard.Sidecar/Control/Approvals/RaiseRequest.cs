using System.Text.Json;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control.Approvals;

/// <summary>How much a request adds to a limit, and for how long.</summary>
/// <param name="Add">What is added.</param>
/// <param name="Lasting">For how long; null where the request does not say.</param>
internal sealed record RaiseRequest(Money Add, TimeSpan? Lasting)
{
    private const long MostSeconds = 400 * 24 * 60 * 60;

    /// <exception cref="BadRequestException">It says one of them twice, or what is no amount or no time.</exception>
    public static RaiseRequest Read(JsonElement body)
    {
        var add = (body.FindCount("add_cents", least: 1), body.FindCount("add_microcents", least: 1)) switch
        {
            ({ } cents, null) => Money.FromCents(cents),
            (null, { } microcents) => Money.FromMicrocents(microcents),
            _ => throw new BadRequestException("Say how much to add: 'add_cents', or 'add_microcents' in its place."),
        };
        return new RaiseRequest(add, (body.FindCount("for_seconds", least: 1), body.FindString("for")) switch
        {
            (null, null) => null,
            ({ } seconds, null) => seconds <= MostSeconds ? TimeSpan.FromSeconds(seconds) : throw new BadRequestException("'for_seconds' has to be at most 400 days."),
            (null, { } length) => Length(length),
            _ => throw new BadRequestException("Say once for how long: 'for_seconds', or 'for' in its place."),
        });
    }

    private static TimeSpan Length(string length)
    {
        try
        {
            return LimitWindow.Parse($"rolling-{length}").Length!.Value;
        }
        catch (ArgumentException)
        {
            throw new BadRequestException("'for' has to be a length such as 90m, 8h or 2d, up to 400d.");
        }
    }
}
