namespace SpendGuard.Storage;
internal sealed class SqliteStoreOptions { public static IBudgetStore DefaultStore(IServiceProvider services) => throw new InvalidOperationException(); }
