namespace SpendGuard.Testing;

/// <summary>What a test takes, for <c>[Trait]</c>: <c>./test.sh --fast</c> leaves out every test that has one of these.</summary>
public static class Traits
{
    /// <summary>Says what kind of test it is.</summary>
    public const string Category = "Category";

    /// <summary>Of <see cref="Category"/>: it takes more than a second on a quiet machine.</summary>
    public const string Slow = "Slow";

    /// <summary>Says what has to be on the machine beside the .NET SDK.</summary>
    public const string Needs = "Needs";

    /// <summary>Of <see cref="Needs"/>: Node.js, with the npm packages that test.sh installs.</summary>
    public const string Node = "Node";

    /// <summary>Of <see cref="Needs"/>: the programs that people use, which <c>./test.sh --clients</c> installs, and no other run has.</summary>
    public const string Clients = "Clients";

    /// <summary>Of <see cref="Needs"/>: a PostgreSQL server, or its programs.</summary>
    public const string Postgres = "Postgres";
}
