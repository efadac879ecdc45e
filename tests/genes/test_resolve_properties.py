"""Whatever names genes share, a name gives its gene, or one line that says why not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gene_analogies.errors import AmbiguousNameError, ItemNameError, NoVectorError
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.resolve import Resolution, Resolver
from gene_analogies.genes.table import GeneTable

# A bare number is never a symbol, only an identifier.
_label = st.builds("{}{}".format, st.sampled_from("AaBb"), st.text("Ab1-", max_size=2))


@st.composite
def worlds(draw):
    """Genes that share names freely, and an embedding of some of them."""
    genes = []
    for entrez in range(10, 10 + draw(st.integers(1, 6))):
        ids = draw(st.lists(st.integers(0, 6), max_size=2, unique=True))
        genes.append(
            Gene(
                entrez,
                draw(_label),
                aliases=tuple(draw(st.lists(_label, max_size=2, unique=True))),
                ensembl=tuple(f"ENSG{number:011}" for number in ids),
                gene_type=draw(st.sampled_from(["protein-coding", "pseudo"])),
            )
        )
    names = draw(
        st.lists(
            st.sampled_from([name for g in genes for name in (g.symbol, *g.ensembl)]),
            min_size=1,
            unique=True,
        )
    )
    return genes, names


def resolve_or_error(resolver, asked):
    try:
        return resolver.resolve(asked)
    except ItemNameError as error:
        return error


@settings(deadline=None)
@given(worlds())
def test_identifiers_lead_back_to_their_gene_or_are_ambiguous(world):
    genes, names = world
    table = GeneTable(genes)
    resolver = Resolver(names, table)
    for gene in genes:
        for asked in (str(gene.entrez), *gene.ensembl):
            own = {gene.symbol, *gene.ensembl}
            found = resolve_or_error(resolver, asked)
            if isinstance(found, Resolution):
                assert found.name == names[found.row]
                assert found.name in own
                assert (found.note is None) == (found.name == asked)
            elif isinstance(found, AmbiguousNameError):
                assert len(table.by_identifier(asked)) > 1
            else:
                assert isinstance(found, NoVectorError)
                # An item of a shared symbol stands for the best-known gene of that symbol, and
                # one of a shared Ensembl id for none.
                best_known = table.find(gene.symbol) == gene
                ids = {name for name in gene.ensembl if len(table.by_identifier(name)) == 1}
                assert not ({gene.symbol, *ids} if best_known else ids) & set(names)


@settings(deadline=None)
@given(worlds(), _label)
def test_any_name_gives_a_row_or_one_line(world, asked):
    genes, names = world
    resolver = Resolver(names, GeneTable(genes))
    found = resolve_or_error(resolver, asked)
    if isinstance(found, Resolution):
        assert found.name == names[found.row]
    else:
        assert asked not in names
        assert found.name == asked
        assert "\n" not in str(found)
