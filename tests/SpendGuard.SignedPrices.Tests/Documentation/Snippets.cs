using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.SignedPrices.Tests.Documentation;

/// <summary>The code of references/prices.md, which has to compile.</summary>
internal static class Snippets
{
    public static void Use(IServiceCollection services)
    {
        services.AddSpendGuard(o => o
            .UseSqlite("spendguard.db")
            .UseSignedPrices(
                "https://prices.example.com/v1/public/pricing",
                "1ITgfCZsRETBLvSKFUoPsP7p3RKNH4Nto6zKLlUD8nQ=",
                prices => prices.KeptPath = "spendguard.prices.json"));
    }
}
