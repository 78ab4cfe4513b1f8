using System.Text.Json;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control;

/// <summary>An amount of a request: in whole cents, or exact in microcents in their place.</summary>
internal static class AmountField
{
    /// <summary>The amount; null where the request has none.</summary>
    /// <param name="body">The request.</param>
    /// <param name="name">The field's name without its unit.</param>
    /// <param name="least">The least it can be, in either.</param>
    /// <exception cref="BadRequestException">It is none, or stands there twice.</exception>
    public static Money? FindAmount(this JsonElement body, string name, long least = 0) =>
        (body.FindCount(name + "_cents", least), body.FindCount(name + "_microcents", least)) switch
        {
            (null, null) => null,
            ({ } cents, null) => Money.FromCents(cents),
            (null, { } microcents) => Money.FromMicrocents(microcents),
            _ => throw new BadRequestException($"Give '{name}_cents' or '{name}_microcents', not both."),
        };
}
