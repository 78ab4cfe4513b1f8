using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>What the body of an answer says of the call's cost, whatever its headers call it.</summary>
internal static class AnswerReport
{
    /// <summary>Of an answer with a status of success.</summary>
    public static async ValueTask<ProviderReport> OfAsync(Call call, byte[] body) => OfJson(call, body) ?? await OfEventsAsync(call, body);

    /// <summary>Of an error. Should it tell a usage all the same, that is known of it.</summary>
    public static async ValueTask<ProviderReport> OfErrorAsync(Call call, int status, byte[] body) =>
        Vendor.ReportError(call.Route.Provider.Vendor.ReportError(status, body), await OfAsync(call, body));

    /// <summary>Of the beginning of an answer: what comes after it could make that more.</summary>
    public static async ValueTask<ProviderReport> OfPartAsync(Call call, byte[] body)
    {
        const string BrokeOff = "the provider's answer broke off";
        var told = OfJson(call, CutJson.Close(AnswerJson.Mend(body))) ?? await OfEventsAsync(call, body);
        return told with
        {
            StatedCost = null,
            LeastCost = told.StatedCost ?? told.LeastCost,
            Incomplete = told.Incomplete ?? BrokeOff,
            Unbilled = false,
            Overloaded = false,
            Reason = BrokeOff,
        };
    }

    /// <summary>Of JSON: one value is a whole answer, several are the pieces of one.</summary>
    /// <returns>What it says; null of what is no JSON.</returns>
    public static ProviderReport? OfJson(Call call, ReadOnlySpan<byte> body)
    {
        using var first = AnswerJson.TryParse(body, out var rest);
        if (first is not { RootElement.ValueKind: JsonValueKind.Object or JsonValueKind.Array })
        {
            return null;
        }

        var isWhole = first.RootElement.ValueKind != JsonValueKind.Array && (rest.IsEmpty || AnswerJson.Values(rest).Count == 0);
        return isWhole ? call.Dialect.ReadAnswer(call, first.RootElement) : OfPieces(call, AnswerJson.Values(body));
    }

    private static async ValueTask<ProviderReport> OfEventsAsync(Call call, byte[] body)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        using var stream = new MemoryStream(body);
        await foreach (var passed in EventSplitter.SplitAsync(stream, CancellationToken.None))
        {
            pieces.Add(EventData.Of(passed.Span).ToArray());
        }

        return OfPieces(call, pieces);
    }

    private static ProviderReport OfPieces(Call call, List<ReadOnlyMemory<byte>> pieces)
    {
        var reader = call.Dialect.ReadEvents(call);
        foreach (var piece in pieces)
        {
            reader.Observe(piece.Span);
        }

        return reader.Report;
    }
}
