using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Doctor;

/// <summary>Looks at what a sidecar says of the request tables that it goes by.</summary>
internal static class TableCheck
{
    /// <exception cref="CheckFailedException">They are used without a look at their signature.</exception>
    public static Finding Of(ReadyView? ready)
    {
        if (ready?.Tables is not { } tables)
        {
            return new Finding("", Verdict.Warning, "The sidecar does not say where its request tables are from.");
        }

        if (tables.Signature == "not verified")
        {
            throw new CheckFailedException(
                $"The request tables from {tables.Source} are used without a look at their signature.",
                "Leave CAP_PRICING_VERIFY_SIGNATURE out, set CAP_PRICING_SIGNING_PUBLIC_KEY to the publisher's key, and start the sidecar again.");
        }

        var found = $"{tables.Signature ?? "from"}: {tables.Source}{(tables.UsableUntil is null ? "" : $", of {tables.GeneratedAt:u}")}";
        return tables.LastFailure is { } failure
            ? new Finding(
                "",
                Verdict.Warning,
                $"{found}. The last look-up failed: {failure}",
                tables.UsableUntil is { } end ? $"See to it before {end:u}, when these tables expire and calls are refused." : null)
            : Finding.Good(found);
    }
}
