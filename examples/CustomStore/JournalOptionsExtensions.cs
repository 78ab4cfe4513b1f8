using SpendGuard;

namespace CustomStore;

/// <summary>How an application chooses the store: <c>services.AddSpendGuard(o => o.UseJournal("budgets.journal"))</c>.</summary>
public static class JournalOptionsExtensions
{
    public static SpendGuardOptions UseJournal(this SpendGuardOptions options, string path)
    {
        options.Store = _ => new JournalStore(path);
        return options;
    }
}
