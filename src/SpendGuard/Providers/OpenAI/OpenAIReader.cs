using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads a chat completion or a response, whichever it is: only the events of a response have a type. Whole answers tell alike.</summary>
internal sealed class OpenAIReader(Vendor vendor, int choices = 1) : AnswerReader
{
    private AnswerReader _format = new OpenAIChatReader(vendor, choices);

    public override ProviderReport Report => _format.Report;

    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        var report = _format.ReadAnswer(answer);
        ToldUsage = _format.ToldUsage;
        return report;
    }

    public override void ReadEvent(JsonElement data)
    {
        if (_format is OpenAIChatReader && UsageJson.Find(data, "type") is not null)
        {
            _format = new OpenAIResponsesReader(vendor);
        }

        _format.ReadEvent(data);
        ToldUsage |= _format.ToldUsage;
        Ended |= _format.Ended;
    }

    public override void SkipEvent() => _format.SkipEvent();

    public override void EndStream()
    {
        base.EndStream();
        _format.EndStream();
    }
}
