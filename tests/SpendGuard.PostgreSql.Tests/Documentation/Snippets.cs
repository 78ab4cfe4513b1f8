using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.PostgreSql.Tests.Documentation;

/// <summary>The code of references/postgresql.md, which has to compile.</summary>
internal static class Snippets
{
    public static void Use(IServiceCollection services)
    {
        services.AddSpendGuard(o => o.UsePostgres("Host=db;Database=spend;Username=spendguard;Password=…"));
    }
}
