namespace SpendGuard.Testing.Provider.Calls;

/// <summary>Every call in order of arrival, and the bill. Safe for concurrent use.</summary>
internal sealed class CallBook(ProviderBill bill, CallJournal? journal)
{
    private readonly Lock _gate = new();
    private readonly List<ProviderCall> _calls = [];

    public IReadOnlyList<ProviderCall> Snapshot()
    {
        lock (_gate)
        {
            return [.. _calls];
        }
    }

    public int Arrive(string caller, string path)
    {
        lock (_gate)
        {
            _calls.Add(new(_calls.Count + 1, caller, path) { ArrivedAt = DateTimeOffset.UtcNow });
            return _calls.Count;
        }
    }

    public void Describe(SimulatedRequest request, long inputTokens)
    {
        var call = Update(request.CallId, call => call with
        {
            Model = request.Model,
            MaxOutputTokens = request.MaxOutputTokens,
            Choices = request.Choices,
            Stream = request.Stream,
            InputTokens = inputTokens,
        });
        journal?.Append("arrived", call);
    }

    /// <summary>Charges the call; a call is charged once, whatever happens to it later.</summary>
    public void Charge(int id, SimulatedUsage usage, long microcents)
    {
        ProviderCall call;
        lock (_gate)
        {
            if (_calls[id - 1].Billed)
            {
                return;
            }

            call = _calls[id - 1] = _calls[id - 1] with
            {
                InputTokens = usage.InputTokens,
                OutputTokens = usage.OutputTokens,
                ReasoningTokens = usage.ReasoningTokens,
                CachedInputTokens = usage.CachedInputTokens,
                ChargeMicrocents = microcents,
                Billed = true,
                BilledAt = DateTimeOffset.UtcNow,
            };
            bill.Add(call.Caller, microcents);
        }

        journal?.Append("billed", call);
    }

    public ProviderCall Update(int id, Func<ProviderCall, ProviderCall> change)
    {
        lock (_gate)
        {
            return _calls[id - 1] = change(_calls[id - 1]);
        }
    }
}
