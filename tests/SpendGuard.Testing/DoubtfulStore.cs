using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing;

/// <summary>A store between which and its caller the wire breaks when a test says so.</summary>
public sealed class DoubtfulStore(IBudgetStore inner) : DelegatingBudgetStore(inner)
{
    private readonly List<Func<Task>> _late = [];
    private readonly List<(string Kind, SemaphoreSlim Asked)> _waiting = [];

    /// <summary>What becomes of a command, by its kind, such as <c>Reserve</c>.</summary>
    public Func<string, Fate> OfCommand { get; set; } = _ => Fate.Answered;

    /// <summary>What a caller is told when the wire breaks.</summary>
    public Func<Exception> Failure { get; set; } = () => new StoreUnavailableException("The wire broke.");

    /// <summary>Called with the kind of each command, before anything becomes of it.</summary>
    public Action<string> OnCommand { get; set; } = _ => { };

    public override async ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        var kind = command.GetType().Name;
        OnCommand(kind);
        lock (_waiting)
        {
            foreach (var (_, asked) in _waiting.Where(wait => wait.Kind == kind))
            {
                asked.Release();
            }
        }

        switch (OfCommand(kind))
        {
            case Fate.Answered:
                return await Inner.ApplyAsync(command, cancellationToken);
            case Fate.AnswerLost:
                await Inner.ApplyAsync(command, CancellationToken.None);
                break;
            case Fate.CommittedLate:
                _late.Add(async () => await Inner.ApplyAsync(command, CancellationToken.None));
                break;
        }

        throw Failure();
    }

    /// <summary>Waits until commands of a kind have come so many times, from now on.</summary>
    public async Task WhenAskedAsync(string kind, int times)
    {
        using var asked = new SemaphoreSlim(0);
        lock (_waiting)
        {
            _waiting.Add((kind, asked));
        }

        for (var time = 0; time < times; time++)
        {
            Assert.True(await asked.WaitAsync(TimeSpan.FromMinutes(1)), $"{kind} was sent {time} times.");
        }

        lock (_waiting)
        {
            _waiting.Remove((kind, asked));
        }
    }

    /// <summary>Commits what was to be committed late.</summary>
    public async Task CommitLateAsync()
    {
        foreach (var commit in _late)
        {
            await commit();
        }
    }
}

/// <summary>What becomes of a command that is sent to a store.</summary>
public enum Fate
{
    /// <summary>It is committed and answered.</summary>
    Answered,

    /// <summary>It never arrived; its caller is told of a failure.</summary>
    Lost,

    /// <summary>It is committed; its caller is told of a failure.</summary>
    AnswerLost,

    /// <summary>It is committed when the test says so; its caller is told of a failure before.</summary>
    CommittedLate,
}
