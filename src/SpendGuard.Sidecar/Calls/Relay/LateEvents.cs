namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>
/// The events from the one on that the client waits for as the last, while what the call cost has not been told: a client that has its answer
/// finds the charge in the budget.
/// </summary>
internal sealed class LateEvents
{
    /// <summary>A usage is short, so nothing is waited for beyond this.</summary>
    private const int MostBytes = 64 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _events = [];
    private int _bytes;

    /// <summary>Keeps an event, unless that is too much.</summary>
    /// <returns>Whether it is kept.</returns>
    public bool Take(ReadOnlyMemory<byte> passed)
    {
        if (_bytes + passed.Length > MostBytes)
        {
            return false;
        }

        _bytes += passed.Length;
        _events.Add(passed);
        return true;
    }

    /// <summary>Gives them to the client.</summary>
    public async ValueTask WriteAsync(ClientStream client)
    {
        foreach (var kept in _events)
        {
            await client.WriteAsync(kept);
        }

        _events.Clear();
    }
}
