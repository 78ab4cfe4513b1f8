namespace SpendGuard.PostgreSql.Tests;

public sealed class ConnectionAddressTests
{
    [Theory]
    [InlineData("postgresql://u:p%40ss@db:6543/spend?sslmode=verify-full", "Host=db;Port=6543;Username=u;Password=p@ss;Database=spend;SSL Mode=VerifyFull")]
    [InlineData("postgres://u.ref:p@db.example.com/spend", "Host=db.example.com;Username=u.ref;Password=p;Database=spend")]
    [InlineData("postgresql://db", "Host=db")]
    [InlineData("postgresql://u@db/spend?application_name=a%20b&connect_timeout=3", "Host=db;Username=u;Database=spend;Application Name=\"a b\";Timeout=3")]
    [InlineData("Host=db;Username=u", "Host=db;Username=u")]
    public void Normalize_EitherForm_IsWhatNpgsqlTakes(string given, string expected) =>
        Assert.Equal(expected + ";No Reset On Close=True", ConnectionAddress.Read(given).Normalized);

    [Theory]
    [InlineData("postgresql://u:secret@:x/spend")]
    [InlineData("postgresql://u:secret@db/spend?channel=1")]
    [InlineData("postgresql://u:secret@db/spend?sslmode=maybe")]
    [InlineData("Hoost=db;Password=secret")]
    [InlineData("secret")]
    public void Normalize_NeitherForm_IsRefusedWithoutRepeatingIt(string given)
    {
        var exception = Assert.Throws<ArgumentException>(() => ConnectionAddress.Read(given));

        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
        Assert.Contains("cannot be read", exception.Message, StringComparison.Ordinal);
    }
}
