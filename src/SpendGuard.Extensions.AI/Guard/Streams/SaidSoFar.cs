using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>What the updates of a stream have said, for who reads them and for who may have to end the call meanwhile.</summary>
internal sealed class SaidSoFar<TUpdate>(IStreamedCall<TUpdate> streamed) : IStreamedCall<TUpdate>
{
    private readonly Lock _gate = new();

    public void Observe(TUpdate update)
    {
        lock (_gate)
        {
            streamed.Observe(update);
        }
    }

    public ProviderReport End()
    {
        lock (_gate)
        {
            return streamed.End();
        }
    }

    public ProviderReport BreakOff(string reason)
    {
        lock (_gate)
        {
            return streamed.BreakOff(reason);
        }
    }
}
