using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Calls for one agent and run, whatever flow they are made or read in.</summary>
internal sealed record ScopedSteps(AgentId Agent, RunId? Run)
{
    public SpendGuardScope Begin() => SpendGuardScope.Begin(Agent, Run);

    /// <summary>Refuses options that carry another agent.</summary>
    /// <exception cref="UnidentifiedAgentException">They do.</exception>
    public void Check(ChatOptions? options)
    {
        if (CarriedAgent.Of(options) is { } carried && carried != Agent)
        {
            throw new UnidentifiedAgentException(Agent, carried);
        }
    }

    /// <summary>
    /// Opens the scope anew around each step of a stream: an iterator runs in the flow of whoever asks for the next update. A run with a cap is the
    /// one in which the stream was asked for.
    /// </summary>
    public IAsyncEnumerable<T> StreamAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, CancellationToken cancellationToken) =>
        EnumerateAsync(open, SpendGuardRun.Current, cancellationToken);

    private async IAsyncEnumerable<T> EnumerateAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open, SpendGuardRun? cappedRun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<T> updates;
        using (Reopen())
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
            using (Reopen())
            {
                await updates.DisposeAsync();
            }
        }

        async ValueTask<bool> NextAsync()
        {
            using (Reopen())
            {
                return await updates.MoveNextAsync();
            }
        }

        SpendGuardScope Reopen() => SpendGuardScope.BeginIn(cappedRun, Agent, Run);
    }
}
