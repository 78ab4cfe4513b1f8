using SpendGuard.Billing;
using SpendGuard.Providers;

namespace SpendGuard.Calls.Wire;

/// <summary>One request of a call that may be billed, and the hold that pays for it.</summary>
/// <param name="hold">The hold.</param>
/// <param name="server">Who serves it.</param>
internal sealed class Attempt(ReservedCall hold, Vendor server)
{
    public ReservedCall Hold => hold;

    /// <summary>Whether its answer has begun, or it has failed.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the provider took it and began to answer.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Whether no connection was made for it.</summary>
    public bool NeverSent { get; private set; }

    /// <summary>Whether it is known to have cost nothing: never sent, to be sent elsewhere, or refused before a model ran.</summary>
    public bool IsUnbilled { get; private set; }

    /// <summary>Takes in how it ended.</summary>
    /// <param name="status">The status of the answer; null without one.</param>
    /// <param name="error">What went wrong, by the conventions of telemetry; null when nothing did.</param>
    public void End(int? status, string? error)
    {
        HasEnded = true;
        IsAnswered = status is >= 200 and < 300;
        NeverSent = status is null && UnbilledCall.NeverSent(error);
        IsUnbilled = NeverSent || (status is { } answer && server.ReportError(answer).Unbilled);
    }
}
