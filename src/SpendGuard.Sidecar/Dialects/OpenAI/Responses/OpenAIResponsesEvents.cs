using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>Reads the events of a response: the last one, whatever it is, has the whole response with its usage.</summary>
/// <remarks>An <c>error</c> event has none. A failed response may follow it, so the call is not ended by it but by the end of the stream.</remarks>
internal sealed class OpenAIResponsesEvents(string provider) : IEventReader
{
    public ProviderReport Report { get; private set; } = new();

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        // Only the first events and the last have a response in them.
        if (data.IndexOf("\"response\""u8) < 0)
        {
            return EventFate.Pass;
        }

        using var document = EventJson.TryParse(data);
        if (document is null || !document.RootElement.TryGetProperty("response", out var response))
        {
            return EventFate.Pass;
        }

        var isLast = IsLast(document.RootElement);
        var told = OpenAIAnswer.Report(provider, response);
        Report = new ProviderReport
        {
            Usage = isLast ? told.Usage : null,
            Model = told.Model ?? Report.Model,
            ServiceTier = told.ServiceTier ?? Report.ServiceTier,
            StatedCost = isLast ? told.StatedCost : null,
        };
        return isLast ? EventFate.PassAfterSettling : EventFate.Pass;
    }

    private static bool IsLast(JsonElement data) =>
        data.Find("type")?.TextOrNull() is "response.completed" or "response.incomplete" or "response.failed";
}
