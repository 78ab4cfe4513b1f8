using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads responses. The last event of a stream, whatever it is, has the whole response with its usage.</summary>
/// <remarks>
/// An <c>error</c> event has none. A failed response may follow it, so the stream is not ended by it. What an earlier event tells is of less
/// than the provider bills, and never of more.
/// </remarks>
/// <param name="vendor">Who bills for it.</param>
[Experimental(ApiTier.Adapters)]
public sealed class OpenAIResponsesReader(Vendor vendor) : AnswerReader
{
    private readonly UsagePlaces _places = new();
    private ProviderReport _report = new();
    private bool _isWhole;

    /// <inheritdoc/>
    public override ProviderReport Report => ToldUsage ? _report.If(_isWhole, "the stream ended before the provider had told the whole usage") : _report;

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        ToldUsage = _isWhole = UsageJson.Find(answer, "usage") is not null;
        return _report = OpenAIAnswer.Report(answer, vendor);
    }

    /// <inheritdoc/>
    public override void ReadEvent(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("response", out var response))
        {
            return;
        }

        var isLast = UsageJson.Text(data, "type") is "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled";
        Ended |= isLast;
        var told = OpenAIAnswer.Report(response, vendor, _places).After(_report);
        if (UsageJson.Find(response, "usage") is null)
        {
            _report = told.With(_report);
        }
        else if (isLast || !_isWhole)
        {
            _report = told;
            ToldUsage = true;
            _isWhole |= isLast;
        }
    }
}
