using System.Runtime.CompilerServices;

namespace SpendGuard.Extensions.AI;

/// <summary>Calls for one agent and run, whatever flow they are made or read in.</summary>
internal sealed record ScopedSteps(AgentId Agent, RunId? Run)
{
    public SpendGuardScope Begin() => SpendGuardScope.Begin(Agent, Run);

    /// <summary>Opens the scope anew around each step of a stream: an iterator runs in the flow of whoever asks for the next update.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IAsyncEnumerator<T> updates;
        using (Begin())
        {
            updates = open(cancellationToken).GetAsyncEnumerator(cancellationToken);
        }

        try
        {
            while (await NextAsync())
            {
                yield return updates.Current;
            }
        }
        finally
        {
            using (Begin())
            {
                await updates.DisposeAsync();
            }
        }

        async ValueTask<bool> NextAsync()
        {
            using (Begin())
            {
                return await updates.MoveNextAsync();
            }
        }
    }
}
