using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>Reads the events of a chat completion: usage comes in a chunk of its own, without choices, just before the end.</summary>
/// <remarks>
/// xAI has running counts in every chunk. They are the call's only once every choice has finished, and only those of the last chunk:
/// counts that more text has followed are of less than the provider bills.
/// </remarks>
internal sealed class OpenAIChatEvents(string provider, bool clientAskedForUsage) : IEventReader
{
    private readonly HashSet<long> _open = [];
    private ProviderReport _said = new();
    private ProviderReport? _running;
    private ProviderReport? _final;
    private bool _toldFinal;
    private bool _done;

    public ProviderReport Report
    {
        get
        {
            var counted = _toldFinal ? _final : _done && _open.Count == 0 ? _running : null;
            return _said with { Usage = counted?.Usage, StatedCost = counted?.StatedCost };
        }
    }

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _done = true;
            return EventFate.PassAfterSettling;
        }

        // Most chunks say nothing of the cost; the first tells the model.
        if (_said.Model is not null && data.IndexOf("\"usage\""u8) < 0)
        {
            _running = data.IndexOf("\"choices\""u8) < 0 ? _running : null;
            return EventFate.Pass;
        }

        using var chunk = EventJson.TryParse(data);
        return chunk is null ? EventFate.Pass : Observe(chunk.RootElement);
    }

    private EventFate Observe(JsonElement chunk)
    {
        var told = OpenAIAnswer.Report(provider, chunk);
        _said = new ProviderReport { Model = told.Model ?? _said.Model, ServiceTier = told.ServiceTier ?? _said.ServiceTier };
        var choices = chunk.Find("choices");
        if (choices is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0)
        {
            _running = told;
            foreach (var choice in list.EnumerateArray())
            {
                Observe(choice, finished: choice.Find("finish_reason") is not null);
            }

            return EventFate.Pass;
        }

        if (chunk.Find("usage") is null)
        {
            return EventFate.Pass;
        }

        // What is there and cannot be read leaves the cost unknown, whatever was told before.
        (_toldFinal, _final) = (true, told);
        return choices is null || told.Usage is null || clientAskedForUsage ? EventFate.Pass : EventFate.Withhold;
    }

    private void Observe(JsonElement choice, bool finished)
    {
        var index = choice.Find("index") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var told) ? told : 0;
        _ = finished ? _open.Remove(index) : _open.Add(index);
    }
}
